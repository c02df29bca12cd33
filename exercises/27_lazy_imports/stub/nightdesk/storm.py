"""Storm signals."""

from nightdesk.signals import hoist

hoist("gale", "one black cone")
hoist("storm", "two black cones")
