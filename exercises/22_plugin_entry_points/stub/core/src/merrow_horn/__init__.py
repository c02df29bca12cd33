"""The horn of Port Merrow, which plays the sounds of many suppliers."""

import merrow_fog

SOUNDS = {"fog": merrow_fog.blow}
