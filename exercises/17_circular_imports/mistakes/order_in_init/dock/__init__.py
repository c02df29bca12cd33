"""The dock office of Port Merrow."""

from dock import booking, billing
