"""Accounts, as clients see them: who I am, and signing up, in and out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import strawberry
from strawberry import relay

import documents.accounts.user as stored
from access.permissions import Permission
from resolvers.accounts import accounts, sessions
from resolvers.accounts.first_factor import Challenged
from resolvers.accounts.sessions import SignedIn, SignOutScope
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.accounts.api_keys import ApiKeyFields
from schema.accounts.avatar import Avatar
from schema.accounts.data_export import OwnExportFields
from schema.accounts.identities import IdentityFields
from schema.accounts.provider_keys import OwnProviderKeyFields
from schema.accounts.second_factor import SecondFactorFields
from schema.accounts.session import SessionFields
from schema.accounts.spending import OwnSpendingFields
from schema.audit import OwnAuditFields
from schema.companies.company import OwnCompanyFields
from schema.companies.invitation import OwnInvitationFields
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs

Info = strawberry.Info[Context, None]

describe(
    SignOutScope,
    "Which sessions a sign-out ends.",
    {
        SignOutScope.THIS_SESSION: "The session of the access token that the request carries.",
        SignOutScope.ALL_SESSIONS: "Every session of the user, on all devices.",
    },
)


@strawberry.type(description="A person with an account.")
class User(
    ApiKeyFields,
    SecondFactorFields,
    SessionFields,
    IdentityFields,
    OwnAuditFields,
    OwnExportFields,
    OwnCompanyFields,
    OwnInvitationFields,
    OwnProviderKeyFields,
    OwnSpendingFields,
    relay.Node,
):
    """Read from `documents.accounts.user.User`."""

    id: relay.NodeID[str]
    email: str = strawberry.field(description="E-mail address, as its owner typed it.")
    name: str = strawberry.field(description="Name that others see, 1 to 200 characters.")
    locale: str = strawberry.field(description="Language tag (BCP 47) in which the person is addressed.")
    email_verified_at: datetime | None = strawberry.field(
        description="When its owner was proved to read mail at the address; null for not yet."
    )
    created_at: datetime = strawberry.field(description="When the account was made.")
    updated_at: datetime = strawberry.field(description="When the account was last changed.")
    avatar: Avatar | None = strawberry.field(description="The picture that others see; null for none.")

    @strawberry.field(description="Whether one can sign in with a password; `requestPasswordReset` sets one.")
    def has_password(self, root: strawberry.Parent[stored.User]) -> bool:
        """Whether there is a password."""
        return root.password_hash is not None

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored users are shown as they are."""
        return isinstance(obj, stored.User)

    @classmethod
    async def resolve_nodes(  # type: ignore[override]  # answers with documents, read by attribute
        cls,
        *,
        info: Info,
        node_ids: Iterable[str],
        required: bool = False,  # noqa: ARG003 - Relay's signature
    ) -> list[stored.User | None]:
        """The viewer's own account; anybody else's is not there."""
        viewer = await accounts.viewer(info.context)
        return [viewer if viewer is not None and str(viewer.id) == node_id else None for node_id in node_ids]


@strawberry.type(description="What a client holds of a session. Both tokens are secrets.")
class Tokens:
    """Read from `resolvers.accounts.sessions.Tokens`."""

    access_token: str = strawberry.field(
        description="Sent as `Authorization: Bearer …` with each request. Do not parse it."
    )
    access_expires_at: datetime = strawberry.field(description="When the access token runs out.")
    refresh_token: str = strawberry.field(
        description="For one `refreshTokens`. Used a second time it ends the session: never send it twice, "
        "and let one tab or process at a time refresh."
    )
    refresh_expires_at: datetime = strawberry.field(
        description="When the session ends if it is not refreshed before."
    )


@strawberry.input(description="A new account.")
class SignUpInput:
    """Unpacked by `AccountMutations.sign_up`."""

    email: str = strawberry.field(
        description="E-mail address, at most 254 characters. Letter case makes no difference."
    )
    password: str = strawberry.field(
        description="10 to 256 characters; not the address and none of the commonest. Any characters will do."
    )
    name: str = strawberry.field(description="Name that others see: one line, 1 to 200 characters.")
    locale: str = strawberry.field(
        default="en", description="Language tag (BCP 47) in which the person is addressed, such as `pt-BR`."
    )


@strawberry.input(description="Address and password of an account.")
class SignInInput:
    """Unpacked by `AccountMutations.sign_in`."""

    email: str = strawberry.field(description="E-mail address of the account.")
    password: str = strawberry.field(description="Its password.")


@strawberry.input(description="A session to go on with.")
class RefreshTokensInput:
    """Unpacked by `AccountMutations.refresh_tokens`."""

    refresh_token: str = strawberry.field(description="The refresh token that came last.")


@strawberry.input(description="What to sign out of.")
class SignOutInput:
    """Unpacked by `AccountMutations.sign_out`."""

    scope: SignOutScope = strawberry.field(
        default=SignOutScope.THIS_SESSION, description="Which sessions to end."
    )


@strawberry.type
class SignedInPayload(Payload):
    """What the payloads of signing up, signing in and refreshing share."""

    @strawberry.field(
        graphql_type=User | None,
        description="Who is signed in; null if it was refused, or if a second factor is asked for.",
    )
    def user(self, root: strawberry.Parent[Outcome[SignedIn | Challenged]]) -> stored.User | None:
        """Who is signed in."""
        return root.result.user if isinstance(root.result, SignedIn) else None

    @strawberry.field(
        graphql_type=Tokens | None,
        description="The session's tokens; null if it was refused, or if a second factor is asked for.",
    )
    def tokens(self, root: strawberry.Parent[Outcome[SignedIn | Challenged]]) -> sessions.Tokens | None:
        """The session's tokens."""
        return root.result.tokens if isinstance(root.result, SignedIn) else None


@strawberry.type(description="What the second step of signing in takes.")
class SignInChallenge:
    """Read from `resolvers.accounts.first_factor.Challenged`."""

    challenge: str = strawberry.field(
        description="For `completeSignIn`, or for `restoreAccount` where `erasedAt` is set. A secret; it "
        "opens nothing by itself."
    )
    erased_at: datetime | None = strawberry.field(
        description="Set where the account is deleted: when it goes for good. Ask whether to bring it back, "
        "and do so with `restoreAccount`."
    )
    expires_at: datetime = strawberry.field(description="When it runs out, five minutes after it was made.")


@strawberry.type
class ChallengePayload(SignedInPayload):
    """What the payloads of first steps share."""

    @strawberry.field(
        graphql_type=SignInChallenge | None,
        description="Set, beside null tokens, where the account has a second factor: ask for a code and send "
        "both with `completeSignIn`. Likewise where it is deleted (see `erasedAt`).",
    )
    def challenge(self, root: strawberry.Parent[Outcome[SignedIn | Challenged]]) -> Challenged | None:
        """What goes on with the code."""
        return root.result if isinstance(root.result, Challenged) else None


@strawberry.type(description="What came of signing up.")
class SignUpPayload(SignedInPayload):
    """Over `Outcome[SignedIn]`."""


@strawberry.type(description="What came of signing in.")
class SignInPayload(ChallengePayload):
    """Over `Outcome[SignedIn | Challenged]`."""


@strawberry.type(description="What came of refreshing the tokens.")
class RefreshTokensPayload(SignedInPayload):
    """Over `Outcome[SignedIn]`."""


@strawberry.type(description="What came of signing out.")
class SignOutPayload(Payload):
    """Over `Outcome[int]`."""

    ended_sessions = result_field(int, "How many sessions were open and are ended now.")


@strawberry.type
class AccountQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=User | None,
        description="Who is asking; null when nobody is signed in, for guests, and for API keys without "
        "`ACCOUNT_VIEW`.",
        metadata=OPEN,
    )
    async def viewer(self, info: Info) -> stored.User | None:
        """Who is asking."""
        return await accounts.viewer(info.context)


@strawberry.type
class AccountMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=SignUpPayload,
        description="Make an account and sign in. `TAKEN`: the address has an account. "
        "`INVALID`: a value breaks a rule. Limited per IP address.",
        metadata=OPEN,
    )
    async def sign_up(self, info: Info, input: SignUpInput) -> Outcome[SignedIn]:
        """Make an account."""
        return await accounts.sign_up(
            info.context, email=input.email, password=input.password, name=input.name, locale=input.locale
        )

    @strawberry.mutation(
        graphql_type=SignInPayload,
        description="Sign in with address and password. `INVALID`: they do not match; whether the address "
        "has an account is not told. An account with a second factor gets a `challenge` for `completeSignIn` "
        "instead of tokens. Limited per account and per IP address.",
        metadata=OPEN,
    )
    async def sign_in(self, info: Info, input: SignInInput) -> Outcome[SignedIn | Challenged]:
        """Open a session."""
        return await accounts.sign_in(info.context, email=input.email, password=input.password)

    @strawberry.mutation(
        graphql_type=RefreshTokensPayload,
        description="Trade a refresh token for new tokens. The error `UNAUTHENTICATED` means that the "
        "session is over and the person must sign in again.",
        metadata=OPEN,
    )
    async def refresh_tokens(self, info: Info, input: RefreshTokensInput) -> Outcome[SignedIn]:
        """Go on with a session."""
        return await sessions.refresh_tokens(info.context, refresh_token=input.refresh_token)

    @strawberry.mutation(
        graphql_type=SignOutPayload,
        description="End sessions. Their access tokens are refused from the next request on.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def sign_out(self, info: Info, input: SignOutInput) -> Outcome[int]:
        """End sessions."""
        return await sessions.sign_out(info.context, scope=input.scope)
