"""How ships are brought into Port Merrow."""

UNITS = "m"
