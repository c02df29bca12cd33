import random
import re

from grader.judge.draws import Draws


def test_same_numbers():
    """Draws of a seed are the numbers that Python draws from it, so reports of earlier versions stay comparable."""
    assert Draws("seed").sample(range(100), 5) == random.Random("seed").sample(range(100), 5)


def test_name():
    """A name is its stem and three digits, so it is an identifier if the stem is one, unless one asks for other."""
    assert all(re.fullmatch(r"tower_[1-9]\d\d", Draws(seed).name("tower")) for seed in range(50))
    assert re.fullmatch(r"lamp [1-9]\d\d", Draws(1).name("lamp", between=" "))


def test_names():
    """Several names are drawn one after the other, in the order of their stems."""
    one_by_one, together = Draws(1), Draws(1)
    wanted = [one_by_one.name("tower", "-"), one_by_one.name("deck", "-")]
    assert together.names("tower", "deck", between="-") == wanted
    assert Draws(2).names("tower", "deck", between="-") != wanted
