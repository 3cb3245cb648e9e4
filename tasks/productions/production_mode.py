"""How much of a project a production makes."""

from enum import StrEnum


class ProductionMode(StrEnum):
    """What is made: only what is not there, also what is out of date, or everything anew."""

    MISSING = "MISSING"
    STALE = "STALE"
    ALL = "ALL"
