FEE = 3
from dock.booking import book
