"""Talking with a persona, and plans that a persona makes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from providers.protocols.offer import Provides, Usage
from providers.protocols.persona import Persona


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """What one side said."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A talk that goes on: the last turn is the user's.

    `context` is what the persona knows of the project that is talked about, as text; empty for none.
    """

    persona: Persona
    turns: tuple[ChatTurn, ...]
    context: str = ""
    model: str | None = None


@dataclass(frozen=True, slots=True)
class ChatEnd:
    """The answer is whole. `is_cut` says that it reached its greatest length."""

    usage: Usage
    is_cut: bool = False


class Converser(Provides, Protocol):
    """Answers as a persona, word after word."""

    def converse(self, conversation: Conversation) -> AsyncIterator[str | ChatEnd]:
        """The answer in pieces as they come; a `ChatEnd` ends it."""
        ...


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A time for which videos shall be planned.

    `days` are ISO dates in their order; `per_day` videos are planned for each. `avoid` are titles and topics
    of recent videos. `show` describes the series that they belong to.
    """

    persona: Persona
    brief: str
    days: tuple[str, ...]
    language: str
    per_day: int = 1
    audience: str | None = None
    culture: str | None = None
    show: str | None = None
    avoid: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedVideo:
    """One idea. `day` is one of the request's; `topic` is fit for a brief."""

    day: str
    title: str
    topic: str
    hook: str
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The ideas, by day."""

    videos: tuple[PlannedVideo, ...]
    usage: Usage


class Planner(Provides, Protocol):
    """Plans what to make on which day."""

    async def plan(self, request: PlanRequest) -> Plan:
        """Make the plan."""
        ...
