from ..charts import DEPTH

print(DEPTH)
