"""The console of the watch: takes new rules while it runs."""

import rules


def check(speed):
    """Whether the rules in force allow that speed."""
    return rules.check(speed)


def refresh(module):
    """Take what the module's file says now, all of it or nothing; return whether that went well."""
    names = vars(module)
    before = dict(names)
    try:
        with open(module.__file__, encoding="utf-8") as file:
            code = compile(file.read(), module.__file__, "exec", dont_inherit=True)
        for name in before:
            if name != "__name__":
                del names[name]
        exec(code, names)
        for name in before:
            if name.startswith("__") and name.endswith("__"):
                names[name] = before[name]
        for name in names.get("STATE", ()):
            if name in before:
                names[name] = before[name]
    except Exception as error:
        names.clear()
        names.update(before)
        print(f"{module.__name__} stays as it was: {error!r}")
        return False
    return True
