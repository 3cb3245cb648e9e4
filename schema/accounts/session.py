"""Sessions, as their owners see them."""

from datetime import datetime
from typing import Any

import strawberry
from beanie import PydanticObjectId
from strawberry import relay

import documents.accounts.session as stored
import documents.accounts.user as users
from access.permissions import Permission
from resolvers.accounts import devices, sessions
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id

Info = strawberry.Info[Context, None]


@strawberry.type(description="A sign-in on one device that goes on.")
class Session(relay.Node):
    """Read from `documents.accounts.session.Session`."""

    id: relay.NodeID[str]
    user_agent: str = strawberry.field(
        description="As the browser or program named itself when it signed in, at most 300 characters; never "
        "proved."
    )
    address: str = strawberry.field(description="IP address from which it signed in.")
    created_at: datetime = strawberry.field(description="When it signed in.")
    last_used_at: datetime = strawberry.field(description="When its tokens were last refreshed.")
    expires_at: datetime = strawberry.field(description="When it ends if they are not refreshed before.")

    @strawberry.field(description="What it runs on, guessed from `userAgent`: `Firefox on Linux`.")
    def device(self, root: strawberry.Parent[stored.Session]) -> str:
        """The device in a few words."""
        return devices.device(root.user_agent)

    @strawberry.field(description="Whether it is the session of the request itself.")
    def is_current(self, root: strawberry.Parent[stored.Session], info: Info) -> bool:
        """Whether this is the session that asks."""
        viewer = info.context.viewer
        return viewer is not None and viewer.session_id == root.id

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored sessions are shown as they are."""
        return isinstance(obj, stored.Session)


@strawberry.type
class SessionFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=list[Session] | None,
        description="Open sessions of this person, those used last first, at most 100; null for anybody but "
        "oneself, and for API keys.",
    )
    async def sessions(self, root: strawberry.Parent[users.User], info: Info) -> Any:
        """The viewer's own."""
        return await sessions.of_user(info.context, root)


@strawberry.input(description="The session to end.")
class RevokeSessionInput:
    """Unpacked by `SessionMutations.revoke_session`."""

    session_id: strawberry.ID = strawberry.field(description="Id of the session.")


@strawberry.type(description="What came of ending a session.")
class RevokeSessionPayload(Payload):
    """Over `Outcome[PydanticObjectId]`."""

    @strawberry.field(graphql_type=strawberry.ID | None, description="Id of the session that is over now.")
    def revoked_id(self, root: strawberry.Parent[Outcome[PydanticObjectId]]) -> str | None:
        """Its id."""
        return None if root.result is None else document_gid("Session", root.result)


@strawberry.type
class SessionMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=RevokeSessionPayload,
        description="End one of the viewer's sessions. Its tokens are refused from the next request on, and "
        "the connections that it has open are closed.",
        metadata=needs(Permission.ACCOUNT_MANAGE),
    )
    async def revoke_session(self, info: Info, input: RevokeSessionInput) -> Outcome[PydanticObjectId]:
        """End a session."""
        return await sessions.revoke(
            info.context, document_id(input.session_id, "Session", "input.sessionId")
        )
