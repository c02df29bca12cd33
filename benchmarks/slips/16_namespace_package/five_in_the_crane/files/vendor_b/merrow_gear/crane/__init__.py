"""Cranes."""


def limit(ropes, load=5):
    return load * ropes
