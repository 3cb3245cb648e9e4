"""Deleting the own account and bringing it back, as clients see it."""

from datetime import datetime

import strawberry

import documents.accounts.user as stored
from access.permissions import Permission
from documents.accounts.account_life import RESTORABLE_FOR
from resolvers.accounts import account_deletion
from resolvers.accounts.first_factor import Challenged
from resolvers.accounts.sessions import SignedIn
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.accounts.accounts import ChallengePayload
from schema.errors import Payload
from schema.guarding.rules import OPEN, needs

Info = strawberry.Info[Context, None]


@strawberry.input(description="The proof that it is the owner who deletes the account.")
class DeleteAccountInput:
    """Unpacked by `AccountDeletionMutations.delete_account`."""

    password: str | None = strawberry.field(
        default=None,
        description="Of the account. One without a password needs a sign-in of the last 10 minutes instead.",
    )


@strawberry.input(description="The deleted account to bring back.")
class RestoreAccountInput:
    """Unpacked by `AccountDeletionMutations.restore_account`."""

    challenge: str = strawberry.field(description="As signing in to the deleted account answered it.")


@strawberry.type(description="What came of deleting the account.")
class DeleteAccountPayload(Payload):
    """Over `Outcome[User]`."""

    @strawberry.field(
        graphql_type=datetime | None,
        description="Until when it can be brought back; after that it goes for good. Null if it was refused.",
    )
    def restorable_until(self, root: strawberry.Parent[Outcome[stored.User]]) -> datetime | None:
        """30 days later."""
        deleted_at = None if root.result is None else root.result.deleted_at
        return None if deleted_at is None else deleted_at + RESTORABLE_FOR


@strawberry.type(description="What came of bringing an account back.")
class RestoreAccountPayload(ChallengePayload):
    """Over `Outcome[SignedIn | Challenged]`."""


@strawberry.type
class AccountDeletionMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=DeleteAccountPayload,
        description="Delete the viewer's account: every session and API key ends at once, and its projects "
        "are gone for everybody (give away with `transferProject` what others need). Signing in within 30 "
        "days brings it back. A member leaves the company, which keeps the company's projects; the last "
        "administrator must make somebody else one first (`LAST_ADMINISTRATOR`), unless nobody else is "
        "there: then the company goes with the account.",
        metadata={"cost": 100} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def delete_account(self, info: Info, input: DeleteAccountInput) -> Outcome[stored.User]:
        """Delete it."""
        return await account_deletion.delete(info.context, password=input.password)

    @strawberry.mutation(
        graphql_type=RestoreAccountPayload,
        description="Bring a deleted account back, with the projects that were deleted with it, and sign in. "
        "The error `UNAUTHENTICATED` means that the challenge or the 30 days are over.",
        metadata=OPEN,
    )
    async def restore_account(self, info: Info, input: RestoreAccountInput) -> Outcome[SignedIn | Challenged]:
        """Bring it back."""
        return await account_deletion.restore(info.context, challenge=input.challenge)
