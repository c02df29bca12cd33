"""Fog signals."""

from nightdesk.signals import hoist

hoist("fog", "one long blast every two minutes")
hoist("mist", "one short blast every two minutes")
