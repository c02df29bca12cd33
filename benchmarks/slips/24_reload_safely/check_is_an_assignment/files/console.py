"""What the watch has at hand."""

from pathlib import Path

import rules

check = rules.check


def special(name):
    return name[:2] == "__" and name[-2:] == "__"


def compiled(module):
    text = Path(module.__file__).read_text(encoding="utf-8")
    return compile(text, module.__file__, "exec", dont_inherit=True)


def refresh(module):
    space = module.__dict__
    old = space.copy()
    try:
        code = compiled(module)
        for name in filter(lambda name: not special(name), old):
            del space[name]
        exec(code, space)
        space.update({name: old[name] for name in space.get("STATE", ()) if name in old})
    except Exception:
        space.clear()
        space.update(old)
        return False
    return True
