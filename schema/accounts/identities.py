"""Ways in through providers, as clients see them."""

from datetime import datetime

import strawberry

import documents.accounts.identity as stored
import documents.accounts.user as users
from access.identity_providers import IdentityProvider
from resolvers.accounts import identities
from resolvers.context import Context
from schema.guarding.rules import OPEN
from schema.ids import document_gid

Info = strawberry.Info[Context, None]


@strawberry.type(description="Somebody else who vouches for people, so that they sign in without a password.")
class SignInProvider:
    """Read from `access.identity_providers.IdentityProvider`."""

    key: str = strawberry.field(description="Its key, such as `google`.")
    name: str = strawberry.field(description="What people call it.")

    @strawberry.field(
        graphql_type=str,
        description="Path, on this server, to send the browser to: with `?challenge=` and the base64url of "
        "the SHA-256 of a random text of 43 to 128 characters that the web application keeps to itself.",
    )
    def start_path(self, root: strawberry.Parent[IdentityProvider]) -> str:
        """Where signing in begins."""
        return f"/auth/{root.key}/start"


@strawberry.type(description="An account at a provider that opens this account.")
class Identity:
    """Read from `documents.accounts.identity.Identity`."""

    provider: str = strawberry.field(description="Key of the provider by which it was linked.")
    email: str = strawberry.field(description="The address there when it was linked; empty if not told.")
    linked_at: datetime = strawberry.field(description="Since when.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Id, for `unlinkIdentity`.")
    def id_(self, root: strawberry.Parent[stored.Identity]) -> str:
        """Its id."""
        return document_gid("Identity", root.id)


@strawberry.type
class IdentityFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=list[Identity] | None,
        description="Accounts at providers that open this account, at most 20; null for anybody but oneself.",
    )
    def identities(self, root: strawberry.Parent[users.User], info: Info) -> list[stored.Identity] | None:
        """The viewer's own."""
        return identities.of_user(info.context, root)

    @strawberry.field(
        graphql_type=bool | None,
        description="Whether a password opens this account; null for anybody but oneself.",
    )
    def has_password(self, root: strawberry.Parent[users.User], info: Info) -> bool | None:
        """The viewer's own."""
        is_own = identities.of_user(info.context, root) is not None
        return root.password_hash is not None if is_own else None


@strawberry.type
class IdentityQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[SignInProvider],
        description="Providers that one may sign in with here, in the order in which to offer them.",
        metadata=OPEN,
    )
    def sign_in_providers(self, info: Info) -> list[IdentityProvider]:
        """Those that the operator named."""
        return identities.providers(info.context)
