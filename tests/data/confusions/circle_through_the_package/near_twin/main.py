import dock

print(dock.book())
