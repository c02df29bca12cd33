"""The archive is on tape. Importing it starts the drive, which takes a while and is heard all over the house."""

from ._ledger import FIRST_CALLS

print("archive: the tape drive starts")


def first_call(ship):
    """The year in which that ship first came to Port Merrow; KeyError if she never did."""
    return FIRST_CALLS[ship]
