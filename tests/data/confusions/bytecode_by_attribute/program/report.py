import soundings

print(soundings.depth)
