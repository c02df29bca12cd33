"""Bookings: which ship lies at the dock, and for how long."""

from .model import Booking
