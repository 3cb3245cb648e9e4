"""What a mutation came to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")


class UserErrorCode(Enum):
    """What the person at the screen can mend."""

    INVALID = "INVALID"
    TAKEN = "TAKEN"
    REVISION_CONFLICT = "REVISION_CONFLICT"
    PROJECT_LOCKED = "PROJECT_LOCKED"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    SPENDING_LIMIT_EXCEEDED = "SPENDING_LIMIT_EXCEEDED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    UNSUPPORTED = "UNSUPPORTED"
    UNAVAILABLE = "UNAVAILABLE"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR"


@dataclass(frozen=True, slots=True)
class UserError:
    """One thing to mend.

    Args:
        code: the kind of trouble.
        field: path inside the mutation's input (`input.title`), or None when no field is to blame.
        message: what was wrong and what would be right, in plain English.
    """

    code: UserErrorCode
    field: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[ResultT]):
    """The changed thing, or what the person at the screen can mend; on a conflict both."""

    result: ResultT | None = None
    user_errors: Sequence[UserError] = field(default_factory=tuple)

    @classmethod
    def refused(
        cls, code: UserErrorCode, message: str, *, at: str | None = None, result: ResultT | None = None
    ) -> "Outcome[ResultT]":
        """Refuse with a single error; `result` is the current state where the client needs it to go on."""
        return cls(result=result, user_errors=(UserError(code, at, message),))
