import harbour

print(harbour.berths.FREE)
