import soundings
