import harbour

print(harbour.tides.FREE)
