"""What a handler is given, and what it gives back to the job engine."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job


class Retryable(Exception):
    """The work may succeed later; the engine tries again with back-off.

    Args:
        code: a code for clients, such as `PROVIDER_UNAVAILABLE`.
        message: what happened, for the person who waits.
        after_s: not before this many seconds; None for the engine's own back-off.
        is_wait: somebody is busy, and waiting for them is no failed attempt.
    """

    def __init__(
        self, code: str, message: str, *, after_s: float | None = None, is_wait: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.after_s = after_s
        self.is_wait = is_wait


class Hopeless(Exception):
    """The work can't succeed as it was asked for; the job fails at once.

    Args:
        code: a code for clients, such as `ASSETS_MISSING`.
        message: what is wrong and what to do, for the person who waits.
        result: what was made all the same and could not be put where it belongs.
    """

    def __init__(self, code: str, message: str, *, result: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.result = result


@dataclass(frozen=True, slots=True)
class Took:
    """How long a piece of work took one pair of hands, waiting for a turn apart.

    Args:
        name: kind of work and who did it, such as `IMAGE:local`.
        units: how much it was, in the kind's unit.
    """

    name: str
    units: float
    seconds: float


Attach = Callable[[AsyncClientSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done.

    Args:
        result: ids and keys of what came out.
        attach: puts the result where it belongs, in the transaction that ends the job; it may run twice.
        took: what future estimates learn from.
    """

    result: dict[str, Any] = field(default_factory=dict)
    attach: Attach | None = None
    took: Took | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Children go on with the work; the handler is called again when all of them are over.

    Args:
        stage: what the children do, in a word.
        checkpoint: what the next call needs to know.
    """

    children: Sequence[Job]
    stage: str
    checkpoint: dict[str, Any] = field(default_factory=dict)


class Report(Protocol):
    """Tells how far the work has come; cheap to call often."""

    def __call__(self, done: int, total: int, *, stage: str | None = None) -> None:
        """`done` of `total` units."""


Handler = Callable[[Job, Report], Awaitable[Done | HandOver]]
