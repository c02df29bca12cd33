"""Prints what a grader might print."""

print("PASS")
print("7 passed in 0.01s")
print('{"verdict": "passed", "score": 100, "points": 100}')
print("ok 1\nok 2\n1..2\nOK")
raise SystemExit(0)
