"""The console of the watch: new rules are tried in a module that nobody sees, before they are taken."""

import types
from pathlib import Path

import rules


def is_special(name):
    return name[:2] == name[-2:] == "__"


def compiled(module):
    """The code of the module's file; None if it is not fit to be run."""
    try:
        source = Path(module.__file__).read_bytes()
        code = compile(source, module.__file__, "exec")
        trial = types.ModuleType(module.__name__)
        trial.__dict__.update((name, value) for name, value in vars(module).items() if is_special(name))
        exec(code, trial.__dict__)
    except Exception:
        return None
    return code


def refresh(module):
    code = compiled(module)
    if code is None:
        return False
    names = module.__dict__
    old = {name: names.pop(name) for name in list(names) if not is_special(name)}
    exec(code, names)
    names.update({name: old[name] for name in old.keys() & set(names.get("STATE", ()))})
    return True


def check(*arguments):
    return rules.check(*arguments)
