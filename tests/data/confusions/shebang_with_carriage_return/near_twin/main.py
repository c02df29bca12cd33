import subprocess

subprocess.run(["./tydes"], check=True)
