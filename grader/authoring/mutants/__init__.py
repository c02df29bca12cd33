"""The opponent: right answers with one small fault each, made by machine, to see whether the checks notice."""
