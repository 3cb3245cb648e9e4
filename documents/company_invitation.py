"""An invitation into a company, sent to an e-mail address."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

GOOD_FOR: Final = timedelta(days=14)
"""How long an invitation can be accepted."""
KEPT_FOR: Final = timedelta(days=90)
"""How long it is remembered after that."""


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class CompanyInvitation(Document):
    """One invitation.

    Attributes:
        email: the address as it was typed; the mail goes there.
        email_key: the form in which addresses are compared; only its account can accept.
        role_id: the role that it gives.
        invited_by: who sent it; good only as long as that person could give the role.
        state: as stored; one whose time is over is stored as open (see `state_at`).
        ended_at: when it was accepted, declined or revoked.
        accepted_by: the member that it made.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    company_id: PydanticObjectId
    email: str
    email_key: str
    role_id: PydanticObjectId
    invited_by: PydanticObjectId
    state: InvitationState = InvitationState.OPEN
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    accepted_by: PydanticObjectId | None = None

    class Settings:
        """Collection `company_invitations`."""

        name = "company_invitations"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [
                    ("company_id", ASCENDING),
                    ("state", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name="newest_of_company",
            ),
            IndexModel(
                [("company_id", ASCENDING), ("email_key", ASCENDING)],
                name="one_open_per_address",
                unique=True,
                partialFilterExpression={"state": "OPEN"},
            ),
            IndexModel([("email_key", ASCENDING), ("state", ASCENDING)], name="by_address"),
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
    async def put(cls, invitation: "CompanyInvitation", *, session: AsyncClientSession) -> None:
        """Store a new one."""
        values = invitation.model_dump(by_alias=True, exclude={"revision_id"})
        await cls.get_pymongo_collection().insert_one(values, session=session)

    @classmethod
    async def open_for(
        cls,
        company_id: PydanticObjectId,
        email_key: str,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> "CompanyInvitation | None":
        """The open invitation of an address into a company."""
        raw = await cls.get_pymongo_collection().find_one(
            {"company_id": company_id, "email_key": email_key, **open_at(now)}, session=session
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def count_open(
        cls, company_id: PydanticObjectId, *, now: datetime, most: int, session: AsyncClientSession
    ) -> int:
        """How many of a company are open, counted up to `most`."""
        return await cls.get_pymongo_collection().count_documents(
            {"company_id": company_id, **open_at(now)}, limit=most, session=session
        )

    @classmethod
    async def gives(
        cls,
        company_id: PydanticObjectId,
        role_id: PydanticObjectId,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> bool:
        """Whether an open one of the company gives this role."""
        found = {"company_id": company_id, "role_id": role_id, **open_at(now)}
        return await cls.get_pymongo_collection().find_one(found, {"_id": 1}, session=session) is not None

    @classmethod
    async def end(
        cls,
        invitation_id: PydanticObjectId,
        state: InvitationState,
        *,
        now: datetime,
        session: AsyncClientSession,
        accepted_by: PydanticObjectId | None = None,
    ) -> "CompanyInvitation | None":
        """Close an open one; None if it is over, however closely two ends race."""
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": invitation_id, **open_at(now)},
            {"$set": {"state": state.value, "ended_at": now, "accepted_by": accepted_by}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def make_room(
        cls, company_id: PydanticObjectId, email_key: str, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Store of an expired one that it is expired, so that the address can be invited anew."""
        await cls.get_pymongo_collection().update_many(
            {
                "company_id": company_id,
                "email_key": email_key,
                "state": InvitationState.OPEN.value,
                "expires_at": {"$lte": now},
            },
            {"$set": {"state": InvitationState.EXPIRED.value}},
            session=session,
        )

    @classmethod
    async def revoke_all_by(
        cls,
        company_id: PydanticObjectId,
        inviter_id: PydanticObjectId,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Close all open ones that somebody sent."""
        await cls.get_pymongo_collection().update_many(
            {"company_id": company_id, "invited_by": inviter_id, **open_at(now)},
            {"$set": {"state": InvitationState.REVOKED.value, "ended_at": now}},
            session=session,
        )


def open_at(now: datetime) -> dict[str, Any]:
    """Filter of those that can be accepted."""
    return {"state": InvitationState.OPEN.value, "expires_at": {"$gt": now}}
