print("planned")
