"""What the person at the screen can mend, and the shape that all payloads share.

A mutation's resolver returns `Outcome[Thing]`; its payload is a type over that outcome:

    @strawberry.type(description="What came of trimming a clip.")
    class TrimClipPayload(Payload):
        clip = result_field(Clip, "The clip as it is now; null if the trim was refused.")

    @strawberry.mutation(graphql_type=TrimClipPayload, description="Change which part of a clip plays.")
    async def trim_clip(self, info: Info, input: TrimClipInput) -> Outcome[stored.Clip]:
        return await clips.trim(info.context, input.clip_id, start_s=input.start_s)

Where the result has parts, each is a typed field of its own:

    @strawberry.field(graphql_type=Tokens | None, description="…")
    def tokens(self, root: strawberry.Parent[Outcome[accounts.SignedIn]]) -> accounts.Tokens | None:
        return None if root.result is None else root.result.tokens
"""

from typing import Any

import strawberry

from resolvers import outcome
from resolvers.outcome import UserErrorCode
from schema.enums import describe

describe(
    UserErrorCode,
    "What kind of trouble a person can mend.",
    {
        UserErrorCode.INVALID: "The value breaks a rule that the message states.",
        UserErrorCode.TAKEN: "Somebody or something else has this value, and it must be unique.",
        UserErrorCode.REVISION_CONFLICT: "The node changed since it was read; the payload has it as it is.",
        UserErrorCode.PROJECT_LOCKED: "A running production, or another one's edit lock, holds the project.",
        UserErrorCode.BUDGET_EXCEEDED: "It costs more than the project's ceiling leaves.",
        UserErrorCode.SPENDING_LIMIT_EXCEEDED: "It costs more than is left of what the viewer may spend with "
        "the installation's keys: see `viewer.spending`. A key of one's own is the way out.",
        UserErrorCode.LIMIT_EXCEEDED: "One more would pass a limit that the message states.",
        UserErrorCode.UNSUPPORTED: "No configured provider can do this; the message names what would.",
        UserErrorCode.UNAVAILABLE: "A provider did not answer; the same may work later.",
        UserErrorCode.LAST_ADMINISTRATOR: "It would leave the company without a member who may manage both "
        "members and roles.",
    },
)


@strawberry.type(description="One thing in a mutation's input that the person at the screen can mend.")
class UserError:
    """Read from `resolvers.outcome.UserError`."""

    code: UserErrorCode = strawberry.field(description="The kind of trouble, for programs.")
    field: str | None = strawberry.field(
        description="Path of the value to blame, such as `input.title`; null when no single one is."
    )
    message: str = strawberry.field(
        description="What was wrong and what would be right, in English, for people. May change."
    )


@strawberry.type
class Payload:
    """What all payloads have. A base for Python alone: it is no type of the schema."""

    @strawberry.field(
        graphql_type=list[UserError],
        description="What there is to mend; empty when the mutation did what it was asked to.",
    )
    def user_errors(self, root: strawberry.Parent[outcome.Outcome[Any]]) -> list[outcome.UserError]:
        """What kept the mutation from being done."""
        return list(root.user_errors)


def _result(root: strawberry.Parent[outcome.Outcome[Any]]) -> Any:
    return root.result


def result_field(graphql_type: object, description: str) -> Any:
    """The field of a payload that is the outcome's result, null where the mutation was refused.

    Args:
        graphql_type: the schema's type of the result, without `| None`; may be a lazy reference.
        description: for clients.
    """
    return strawberry.field(resolver=_result, graphql_type=graphql_type | None, description=description)  # type: ignore[operator]  # any type or Annotated lazy reference
