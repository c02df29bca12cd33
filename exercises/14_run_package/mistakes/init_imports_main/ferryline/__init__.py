"""The ferry line of Port Merrow."""

from .__main__ import Route, register, routes
