import subprocess

subprocess.run(["./tides"], check=True)
