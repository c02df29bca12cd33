import statistics

print(statistics.meaning([1]))
