"""How ships are brought into Port Merrow."""

UNITS = "m"

print("imported as", __name__)
