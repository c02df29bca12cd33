import almanac

HARBOUR = 1
