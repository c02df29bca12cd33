from charts import DEPTH
