"""Why a file that somebody sent cannot be used."""

from enum import StrEnum


class Fault(StrEnum):
    """The kinds of trouble with a file, for programs."""

    TYPE_UNSUPPORTED = "TYPE_UNSUPPORTED"
    TYPE_DIFFERS = "TYPE_DIFFERS"
    UNREADABLE = "UNREADABLE"
    DIMENSIONS = "DIMENSIONS"
    DURATION = "DURATION"
    TOO_COSTLY = "TOO_COSTLY"
    UNSAFE = "UNSAFE"


class FileRefused(Exception):
    """The file does not fit.

    Args:
        fault: for programs.
        reason: a sentence for the person who sent it: what is wrong, what would be right.
    """

    def __init__(self, fault: Fault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason
