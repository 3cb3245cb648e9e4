"""API keys, as clients see them."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import relay

import documents.accounts.api_key as stored
import documents.accounts.user as users
from access.permissions import Permission
from resolvers.accounts import api_keys
from resolvers.accounts.api_keys import NewApiKey
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema import permissions as _permissions  # noqa: F401 - declares the enum
from schema.errors import Payload
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id

Info = strawberry.Info[Context, None]


@strawberry.type(description="A key with which a program acts for a person, within scopes.")
class ApiKey(relay.Node):
    """Read from `documents.accounts.api_key.ApiKey`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="What its owner calls it, 1 to 200 characters.")
    hint: str = strawberry.field(description="A few of its characters, to tell keys apart; no secret.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(
        description="From then on it is refused; null for never. It stays listed for 30 days more."
    )
    last_used_at: datetime | None = strawberry.field(
        description="When it was last used, to about a minute; null for never."
    )

    @strawberry.field(
        graphql_type=list[Permission],
        description="The most that it may do; less where its owner may do less.",
    )
    def scopes(self, root: strawberry.Parent[stored.ApiKey]) -> list[Permission]:
        """Those that this version knows."""
        return [permission for permission in Permission if permission.value in root.scopes]

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored keys are shown as they are."""
        return isinstance(obj, stored.ApiKey)


@strawberry.type
class ApiKeyFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=list[ApiKey] | None,
        description="API keys of this person, the newest first, at most 50; null for anybody but oneself.",
    )
    async def api_keys(self, root: strawberry.Parent[users.User], info: Info) -> list[stored.ApiKey] | None:
        """The viewer's own."""
        return await api_keys.of_user(info.context, root)


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    """Unpacked by `ApiKeyMutations.create_api_key`."""

    name: str = strawberry.field(description="What it is for: one line, 1 to 200 characters.")
    scopes: list[Permission] = strawberry.field(
        description="The most that it may do, at least one. Everything in a project takes `PROJECT_VIEW` as "
        "well. `ACCOUNT_MANAGE` and what is the platform's no key can have."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="From when on it is refused; null for never."
    )


@strawberry.input(description="The API key to end.")
class RevokeApiKeyInput:
    """Unpacked by `ApiKeyMutations.revoke_api_key`."""

    api_key_id: strawberry.ID = strawberry.field(description="Id of the key.")


@strawberry.type(description="What came of making an API key.")
class CreateApiKeyPayload(Payload):
    """Over `Outcome[NewApiKey]`."""

    @strawberry.field(graphql_type=ApiKey | None, description="The key; null if it was refused.")
    def api_key(self, root: strawberry.Parent[Outcome[NewApiKey]]) -> stored.ApiKey | None:
        """The key."""
        return None if root.result is None else root.result.key

    @strawberry.field(
        graphql_type=str | None,
        description="The key's text, for `Authorization: Bearer …`. A secret, shown this once and never "
        "again; null if it was refused.",
    )
    def token(self, root: strawberry.Parent[Outcome[NewApiKey]]) -> str | None:
        """Its text."""
        return None if root.result is None else root.result.token


@strawberry.type(description="What came of ending an API key.")
class RevokeApiKeyPayload(Payload):
    """Over `Outcome[PydanticObjectId]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of the key that is refused from now on."
    )
    def revoked_id(self, root: strawberry.Parent[Outcome[Any]]) -> str | None:
        """Its id."""
        return None if root.result is None else document_gid("ApiKey", root.result)


@strawberry.type
class ApiKeyMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateApiKeyPayload,
        description="Make an API key that acts for the viewer. `INVALID`: a scope that no key can have or "
        "that the viewer has not. `LIMIT_EXCEEDED`: the viewer has 50 keys.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def create_api_key(self, info: Info, input: CreateApiKeyInput) -> Outcome[NewApiKey]:
        """Make a key."""
        return await api_keys.create(
            info.context, name=input.name, scopes=input.scopes, expires_at=input.expires_at
        )

    @strawberry.mutation(
        graphql_type=RevokeApiKeyPayload,
        description="End an API key of the viewer's. It is refused from the next request on; connections "
        "that it opened are closed.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def revoke_api_key(self, info: Info, input: RevokeApiKeyInput) -> Outcome[Any]:
        """End a key."""
        return await api_keys.revoke(info.context, document_id(input.api_key_id, "ApiKey", "input.apiKeyId"))
