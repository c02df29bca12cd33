from statistics import meaning
