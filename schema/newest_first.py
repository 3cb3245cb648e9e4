"""Pages by time as Relay connections: cursors and page facts."""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import strawberry
from beanie import PydanticObjectId

from documents.newest_first import Spot, Window
from resolvers.errors import BadUserInput

_DEFAULT_SIZE: Final = 20
_LONGEST: Final = 100  # characters; the longest of ours has 52
_SPOT: Final = re.compile(r"(-?\d{1,15}):([0-9a-f]{24})", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

First = Annotated[int | None, strawberry.argument(description="At most so many, from the start.")]
"""Relay's four arguments, the same for every list."""
After = Annotated[str | None, strawberry.argument(description="Only those behind this cursor of a page.")]
Last = Annotated[int | None, strawberry.argument(description="At most so many, from the end.")]
Before = Annotated[
    str | None, strawberry.argument(description="Only those in front of this cursor of a page.")
]


def window(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The part of a list that a client asks for; 20 members where it names no size.

    Raises:
        BadUserInput: both ends are asked for, a size is negative, or a cursor is none of ours.
    """
    if first is not None and last is not None:
        raise BadUserInput("last", "Ask for the first or for the last ones, not for both.")
    size = next((given for given in (first, last) if given is not None), _DEFAULT_SIZE)
    if size < 0:
        raise BadUserInput("last" if first is None else "first", "A page has 0 members or more.")
    return Window(
        size=size,
        after=None if after is None else _spot(after, "after"),
        before=None if before is None else _spot(before, "before"),
        from_end=last is not None,
    )


def cursor(at: datetime, oid: PydanticObjectId) -> str:
    """Where a member stands, as clients carry it."""
    return base64.b64encode(f"{(at - _EPOCH) // _MILLISECOND}:{oid}".encode()).decode()


def _spot(text: str, field: str) -> Spot:
    try:
        decoded = base64.b64decode(text[:_LONGEST], validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        decoded = ""
    found = _SPOT.fullmatch(decoded)
    if found is None:
        raise BadUserInput(field, "This is no cursor of this list. Send one that a page of it returned.")
    try:
        return Spot(_EPOCH + int(found[1]) * _MILLISECOND, PydanticObjectId(found[2]))
    except OverflowError:
        raise BadUserInput(field, "This cursor's time does not exist.") from None
