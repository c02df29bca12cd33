from app.db import ROWS

print(ROWS)
