"""The crane."""

from .jib import Crane

_CRANE = Crane()
limit = _CRANE.limit
