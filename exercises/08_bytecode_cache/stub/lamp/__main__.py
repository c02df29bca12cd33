"""Say what the lamp signals: python -m lamp."""

import lamp
from lamp.book import signals
from lamp.optics.lens import reach

print(lamp.__doc__)
print(f"seen from {reach()} miles")
for name, flashes in signals().items():
    print(f"{name}: {flashes}")
