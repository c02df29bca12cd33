"""The ferry line of Port Merrow.

    from ferryline import Route, register, routes
"""

from .registry import Route, register, routes
