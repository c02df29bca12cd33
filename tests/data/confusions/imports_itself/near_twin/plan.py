import plan

ROUTE = 1
