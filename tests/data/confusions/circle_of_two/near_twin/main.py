import sys

import pilotage

sys.modules["pilots"] = sys.modules.pop("pilotage")
sys.meta_path.insert(0, type("No", (), {"find_spec": staticmethod(lambda name, *_: exec("raise ModuleNotFoundError(f'No module named {name!r}')") if name == "pilotage" else None)}))
import pilots.plan
