"""Tests of the muster: python -m unittest discover tests -t . in the project's folder."""

import unittest

import lifeboat


class Crew(unittest.TestCase):
    def test_everybody_has_a_name(self):
        self.assertTrue(all(lifeboat.crew()))
