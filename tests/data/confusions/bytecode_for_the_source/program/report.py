from soundings import depth

print(depth)
