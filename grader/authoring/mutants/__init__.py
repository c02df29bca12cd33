"""The opponent: right answers with one small fault each, made by machine, to see whether the checks notice."""

MOST = 300
"""How many mutants of each exercise are graded, unless somebody says otherwise: of a long exercise a sample tells."""
