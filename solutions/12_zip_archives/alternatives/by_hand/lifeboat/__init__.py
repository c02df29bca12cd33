import json
import pkgutil


def crew():
    return json.loads(pkgutil.get_data(__name__, "data/crew.json"))


def main():
    count = 0
    for count, name in enumerate(crew(), start=1):
        print(", " if count > 1 else "muster: ", name, sep="", end="")
    print()
    return count
