"""The lights on the quays of Port Merrow: what each of them says."""

from ._version import VERSION as __version__
from .signals import SIGNALS, signal

__all__ = ["SIGNALS", "__version__", "signal"]
