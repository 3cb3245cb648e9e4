"""Taking a person's picture away; a new one comes as an upload."""

import strawberry

import documents.accounts.user as stored
from access.permissions import Permission
from resolvers.accounts import avatars
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.accounts.accounts import User
from schema.errors import Payload, result_field
from schema.guarding.rules import needs

Info = strawberry.Info[Context, None]


@strawberry.type(description="What came of taking the own picture away.")
class RemoveAvatarPayload(Payload):
    """Over `Outcome[User]`."""

    user = result_field(User, "The viewer, without a picture.")


@strawberry.type
class AvatarMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=RemoveAvatarPayload,
        description="Take the own picture away. A new one comes by `createUpload` with the target `avatar`.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def remove_avatar(self, info: Info) -> Outcome[stored.User]:
        """Take it away."""
        return await avatars.remove(info.context)
