from .db import ROWS

print(ROWS)
