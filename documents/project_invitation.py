"""An invitation to a project, sent to an e-mail address that no verified account has."""

from datetime import datetime
from typing import Annotated, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.company_invitation import KEPT_FOR, InvitationState, open_at
from documents.project_role import ProjectRole


class ProjectInvitation(Document):
    """One invitation.

    Attributes:
        email: the address as it was typed; the mail goes there.
        email_key: the form in which addresses are compared; only its account can accept.
        role: what it makes of whoever accepts it.
        invited_by: who sent it; good only as long as that person may share the project.
        state: as stored; one whose time is over is stored as open (see `state_at`).
        ended_at: when it was accepted, declined or revoked.
        accepted_by: the collaborator that it made.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    project_id: PydanticObjectId
    email: str
    email_key: str
    role: ProjectRole
    invited_by: PydanticObjectId
    state: InvitationState = InvitationState.OPEN
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    accepted_by: PydanticObjectId | None = None

    class Settings:
        """Collection `project_invitations`."""

        name = "project_invitations"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [
                    ("project_id", ASCENDING),
                    ("state", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name="newest_of_project",
            ),
            IndexModel(
                [("project_id", ASCENDING), ("email_key", ASCENDING)],
                name="one_open_per_address",
                unique=True,
                partialFilterExpression={"state": "OPEN"},
            ),
            IndexModel(
                [("expires_at", ASCENDING)],
                name="forgotten",
                expireAfterSeconds=int(KEPT_FOR.total_seconds()),
            ),
        ]

    def state_at(self, now: datetime) -> InvitationState:
        """What has become of it by then."""
        is_over = self.state is InvitationState.OPEN and self.expires_at <= now
        return InvitationState.EXPIRED if is_over else self.state

    @classmethod
    async def put(cls, invitation: "ProjectInvitation", *, session: AsyncClientSession) -> None:
        """Store a new one; an expired one of the same address makes room for it."""
        invitations = cls.get_pymongo_collection()
        await invitations.update_many(
            {
                "project_id": invitation.project_id,
                "email_key": invitation.email_key,
                "state": InvitationState.OPEN.value,
                "expires_at": {"$lte": invitation.created_at},
            },
            {"$set": {"state": InvitationState.EXPIRED.value}},
            session=session,
        )
        values = invitation.model_dump(by_alias=True, exclude={"revision_id"})
        await invitations.insert_one({**values, "role": invitation.role.value}, session=session)

    @classmethod
    async def open_for(
        cls, project_id: PydanticObjectId, email_key: str, *, now: datetime, session: AsyncClientSession
    ) -> "ProjectInvitation | None":
        """The open invitation of an address to a project."""
        raw = await cls.get_pymongo_collection().find_one(
            {"project_id": project_id, "email_key": email_key, **open_at(now)}, session=session
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def count_open(
        cls, project_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession
    ) -> int:
        """How many of a project are open."""
        return await cls.get_pymongo_collection().count_documents(
            {"project_id": project_id, **open_at(now)}, session=session
        )

    @classmethod
    async def end(
        cls,
        invitation_id: PydanticObjectId,
        state: InvitationState,
        *,
        now: datetime,
        session: AsyncClientSession,
        accepted_by: PydanticObjectId | None = None,
    ) -> "ProjectInvitation | None":
        """Close an open one; None if it is over, however closely two ends race."""
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": invitation_id, **open_at(now)},
            {"$set": {"state": state.value, "ended_at": now, "accepted_by": accepted_by}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)
