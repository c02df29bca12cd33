"""Invoices: what a stay at the dock costs."""

from .model import Invoice
