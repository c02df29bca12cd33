import random

print(random.roll(1, 6))
