"""Say what `PYTHON PROGRAM` gets from `import NAME`, and if it is nothing, why."""

print("{}")
