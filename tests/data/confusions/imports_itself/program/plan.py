from plan import ROUTE

ROUTE = 1
