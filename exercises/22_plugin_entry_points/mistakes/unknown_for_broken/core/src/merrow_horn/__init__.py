"""The horn of Port Merrow, which plays the sounds of many suppliers."""
