"""What invitations into companies and to projects share: sent to an address, open once, for a while."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Self

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


class Invitation(Document):
    """One invitation. Not stored as such: each kind has its collection.

    Attributes:
        PLACE: name of the field that says where to; at most one invitation of an address is open there.
        email: the address as it was typed; the mail goes there.
        email_key: the form in which addresses are compared; only its account can accept.
        invited_by: who sent it; good only as long as that person could give what it gives.
        state: as stored; one whose time is over is stored as open (see `state_at`).
        ended_at: when it was accepted, declined or revoked.
        accepted_by: the user who accepted it.
    """

    PLACE: ClassVar[str]

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    email: str
    email_key: str
    invited_by: PydanticObjectId
    state: InvitationState = InvitationState.OPEN
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    accepted_by: PydanticObjectId | None = None

    def state_at(self, now: datetime) -> InvitationState:
        """What has become of it by then."""
        is_over = self.state is InvitationState.OPEN and self.expires_at <= now
        return InvitationState.EXPIRED if is_over else self.state

    @classmethod
    async def put(cls, invitation: Self, *, session: AsyncClientSession) -> None:
        """Store a new one; an expired one of the same address makes room for it."""
        invitations = cls.get_pymongo_collection()
        await invitations.update_many(
            {
                cls.PLACE: getattr(invitation, cls.PLACE),
                "email_key": invitation.email_key,
                "state": InvitationState.OPEN.value,
                "expires_at": {"$lte": invitation.created_at},
            },
            {"$set": {"state": InvitationState.EXPIRED.value}},
            session=session,
        )
        values = invitation.model_dump(by_alias=True, exclude={"revision_id"})
        await invitations.insert_one(values, session=session)

    @classmethod
    async def open_for(
        cls, place_id: PydanticObjectId, email_key: str, *, now: datetime, session: AsyncClientSession
    ) -> Self | None:
        """The open invitation of an address to a place."""
        raw = await cls.get_pymongo_collection().find_one(
            {cls.PLACE: place_id, "email_key": email_key, **open_at(now)}, session=session
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def count_open(
        cls, place_id: PydanticObjectId, *, now: datetime, most: int, session: AsyncClientSession
    ) -> int:
        """How many to a place are open, counted up to `most`."""
        return await cls.get_pymongo_collection().count_documents(
            {cls.PLACE: place_id, **open_at(now)}, limit=most, session=session
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
    ) -> Self | None:
        """Close an open one; None if it is over, however closely two ends race."""
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {"_id": invitation_id, **open_at(now)},
            {"$set": {"state": state.value, "ended_at": now, "accepted_by": accepted_by}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return None if raw is None else cls.model_validate(raw)


def open_at(now: datetime) -> dict[str, Any]:
    """Filter of those that can be accepted."""
    return {"state": InvitationState.OPEN.value, "expires_at": {"$gt": now}}


def invitation_indexes(place: str) -> list[IndexModel]:
    """Indexes for the newest of a place, one open per address, those of an address, and forgetting.

    Args:
        place: name of the field that says where to.
    """
    return [
        IndexModel(
            [(place, ASCENDING), ("state", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)],
            name=f"newest_of_{place.removesuffix('_id')}",
        ),
        IndexModel(
            [(place, ASCENDING), ("email_key", ASCENDING)],
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
