import multiprocessing
from concurrent.futures import ProcessPoolExecutor

EXECUTOR = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
EXECUTOR.submit(int, "1").result()
