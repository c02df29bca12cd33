import waves
