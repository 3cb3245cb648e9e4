"""What is published, and what a subscriber receives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from events.cursor import Cursor

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event about to be published.

    `id` is the caller's and unique: a draft whose id stands in the topic's history already is the same event.
    """

    id: str
    type: str
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Event:
    """A published event. One object is shared by all subscribers of a process: never change its payload."""

    id: str
    topic: str
    type: str
    payload: Mapping[str, Json]
    cursor: Cursor


class ResyncReason(StrEnum):
    """Why a subscriber cannot be told what it missed."""

    HISTORY_TRIMMED = "HISTORY_TRIMMED"
    EPOCH_CHANGED = "EPOCH_CHANGED"
    GAP = "GAP"


@dataclass(frozen=True, slots=True)
class ResyncRequired:
    """Events were lost to this subscriber: it must fetch the topic's state anew.

    What is fetched after receiving this holds everything up to `cursor`; the events that follow lie behind.
    """

    reason: ResyncReason
    cursor: Cursor
