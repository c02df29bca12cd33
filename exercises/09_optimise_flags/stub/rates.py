"""What the harbour asks of visiting vessels, in crowns. The council changes it every spring."""

BASE = 2.5  # for each metre and night
LIGHT = 4.0  # for each night, since the quay is lit
LONG = 30.0  # once, if the vessel is longer than LONG_FROM
LONG_FROM = 12.0  # metres
