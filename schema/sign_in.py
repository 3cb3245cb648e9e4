"""The second step of signing in, as clients see it."""

import strawberry

from resolvers import second_factor
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.sessions import SignedIn
from schema.accounts import SignedInPayload
from schema.rules import OPEN

Info = strawberry.Info[Context, None]


@strawberry.input(description="The second factor of a sign-in.")
class CompleteSignInInput:
    """Unpacked by `SignInMutations.complete_sign_in`."""

    challenge: str = strawberry.field(description="As the first step answered it.")
    code: str = strawberry.field(
        description="Six digits of the authenticator app, or a recovery code, which is used up."
    )


@strawberry.type(description="What came of the second step of signing in.")
class CompleteSignInPayload(SignedInPayload):
    """Over `Outcome[SignedIn]`."""


@strawberry.type
class SignInMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CompleteSignInPayload,
        description="Sign in with the second factor, after a first step that answered a `challenge`. "
        "`INVALID`: the code is wrong or was used before. The error `UNAUTHENTICATED` means that the "
        "challenge is over: begin again. Limited per account and IP address.",
        metadata=OPEN,
    )
    async def complete_sign_in(self, info: Info, input: CompleteSignInInput) -> Outcome[SignedIn]:
        """Open a session."""
        return await second_factor.complete_sign_in(info.context, challenge=input.challenge, code=input.code)
