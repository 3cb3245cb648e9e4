"""A place in a topic's history, as clients carry it."""

import re
from dataclasses import dataclass

from events.errors import MalformedCursor

# 2**53 - 1, the largest whole number that the Lua scripts count exactly.
_LAST_SEQUENCE = 9_007_199_254_740_991
_TEXT = re.compile(r"([A-Za-z0-9_-]{1,32}):(0|[1-9][0-9]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place right after one event.

    `epoch` names one unbroken history of a topic; `sequence` rises by exactly one with each event of it,
    from an arbitrary start. Cursors of different epochs cannot be compared.
    """

    epoch: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.sequence}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read back what `str(cursor)` gave.

        Raises:
            MalformedCursor: the text is anything else.
        """
        match = _TEXT.fullmatch(text)
        if match is None or int(match[2]) > _LAST_SEQUENCE:
            raise MalformedCursor(text)
        return cls(epoch=match[1], sequence=int(match[2]))
