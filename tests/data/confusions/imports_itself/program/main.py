import plan
