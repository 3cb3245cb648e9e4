"""What can go wrong with live events.

EventsError
├── MalformedCursor     a client sent a cursor that was never handed out
├── SlowSubscriber      a subscriber fell further behind than the hub keeps events for it
└── EventsUnavailable   Redis could not be reached; the same call may work later
"""

from typing import ClassVar


class EventsError(Exception):
    """Root of the tree. `code` is stable and may be shown to clients."""

    code: ClassVar[str]


class MalformedCursor(EventsError):
    """The text is no cursor. `text` is what came in, shortened to 80 characters."""

    code = "MALFORMED_CURSOR"

    def __init__(self, text: str) -> None:
        self.text = text[:80]
        super().__init__(f"{self.text!r} is no cursor; pass one that an event or a query returned.")


class SlowSubscriber(EventsError):
    """The subscriber on `topic` is `behind` events behind; it may come back with its last cursor."""

    code = "SLOW_SUBSCRIBER"

    def __init__(self, topic: str, *, behind: int) -> None:
        self.topic = topic
        self.behind = behind
        super().__init__(
            f"{behind} events of {topic!r} were not taken in time; subscribe again after the last."
        )


class EventsUnavailable(EventsError):
    """Redis did not answer; nothing was subscribed."""

    code = "UNAVAILABLE"
