"""An invitation into a company, sent to an e-mail address."""

from datetime import datetime
from typing import ClassVar, Final

from beanie import PydanticObjectId
from pymongo import IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.invitation import Invitation, InvitationState, invitation_indexes, open_at

_PLACE: Final = "company_id"


class CompanyInvitation(Invitation):
    """One invitation.

    Attributes:
        role_id: the role that it gives.
    """

    PLACE: ClassVar[str] = _PLACE

    company_id: PydanticObjectId
    role_id: PydanticObjectId

    class Settings:
        """Collection `company_invitations`."""

        name = "company_invitations"
        indexes: ClassVar[list[IndexModel]] = invitation_indexes(_PLACE)

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
