"""Signing in through a provider, and the second step of signing in, as clients see them."""

import strawberry

import documents.accounts.user as users
from access.permissions import Permission
from resolvers.accounts import identities, second_factor
from resolvers.accounts.first_factor import Challenged
from resolvers.accounts.sessions import SignedIn
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.accounts.accounts import ChallengePayload, SignedInPayload, User
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs
from schema.ids import document_id

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


@strawberry.input(description="What a provider's answer is traded in for.")
class ExchangeSignInInput:
    """Unpacked by `SignInMutations.exchange_sign_in`."""

    code: str = strawberry.field(description="As it stands in the address, behind `#code=`.")
    verifier: str = strawberry.field(description="The text whose digest was the `challenge` at the start.")
    password: str | None = strawberry.field(
        default=None,
        description="Of the account that has the provider's address already, to link the two.",
    )


@strawberry.input(description="An account at a provider that is to open the viewer's account.")
class LinkIdentityInput:
    """Unpacked by `SignInMutations.link_identity`."""

    code: str = strawberry.field(description="As it stands in the address, behind `#code=`.")
    verifier: str = strawberry.field(description="The text whose digest was the `challenge` at the start.")
    password: str | None = strawberry.field(
        default=None,
        description="Of the account. One without a password needs a sign-in of the last 10 minutes instead.",
    )


@strawberry.input(description="An account at a provider that is to open the viewer's account no more.")
class UnlinkIdentityInput:
    """Unpacked by `SignInMutations.unlink_identity`."""

    identity_id: strawberry.ID = strawberry.field(description="Id of the identity.")
    password: str | None = strawberry.field(
        default=None,
        description="Of the account. One without a password needs a sign-in of the last 10 minutes instead.",
    )


@strawberry.type(description="What came of signing in through a provider.")
class ExchangeSignInPayload(ChallengePayload):
    """Over `Outcome[SignedIn | Challenged]`."""


@strawberry.type(description="What came of linking an account at a provider.")
class LinkIdentityPayload(Payload):
    """Over `Outcome[User]`."""

    user = result_field(User, "The viewer, with the new identity; null if it was refused.")


@strawberry.type(description="What came of unlinking an account at a provider.")
class UnlinkIdentityPayload(Payload):
    """Over `Outcome[User]`."""

    user = result_field(User, "The viewer, without the identity; null if it was refused.")


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

    @strawberry.mutation(
        graphql_type=ExchangeSignInPayload,
        description="Trade in, once, the code with which a provider's answer came back. Signs in whom the "
        "provider vouches for; somebody new, whose address the provider has verified, gets an account. "
        "`TAKEN`: another account has the address; send the same code again with its password, or sign in to "
        "it and use `linkIdentity`. `INVALID`: the code is over, or the address is not verified. Limited.",
        metadata=OPEN,
    )
    async def exchange_sign_in(
        self, info: Info, input: ExchangeSignInInput
    ) -> Outcome[SignedIn | Challenged]:
        """Sign in through a provider."""
        return await identities.exchange(
            info.context, code=input.code, verifier=input.verifier, password=input.password
        )

    @strawberry.mutation(
        graphql_type=LinkIdentityPayload,
        description="Let an account at a provider open the viewer's account. `TAKEN`: it opens one already. "
        "`INVALID`: the code is over, or the password is wrong. Limited.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def link_identity(self, info: Info, input: LinkIdentityInput) -> Outcome[users.User]:
        """Link an identity."""
        return await identities.link(
            info.context, code=input.code, verifier=input.verifier, password=input.password
        )

    @strawberry.mutation(
        graphql_type=UnlinkIdentityPayload,
        description="Let an account at a provider open the viewer's account no more. `INVALID`: it is the "
        "last way in, or the password is wrong. Limited.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def unlink_identity(self, info: Info, input: UnlinkIdentityInput) -> Outcome[users.User]:
        """Unlink an identity."""
        identity_id = document_id(input.identity_id, "Identity", "input.identityId")
        return await identities.unlink(info.context, identity_id, password=input.password)
