import plan

print(plan.ROUTE)
