"""The audit trail: who did what to whom, when, from where. Written once, never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession


class AuditAction(StrEnum):
    """What was done."""

    SIGNED_UP = "SIGNED_UP"
    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_LOCKED = "SIGN_IN_LOCKED"
    SESSION_ENDED = "SESSION_ENDED"
    REFRESH_TOKEN_REUSED = "REFRESH_TOKEN_REUSED"  # noqa: S105 - an act, not a secret
    EMAIL_VERIFIED = "EMAIL_VERIFIED"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - likewise
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - likewise
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    SECOND_FACTOR_ADDED = "SECOND_FACTOR_ADDED"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    RECOVERY_CODES_RENEWED = "RECOVERY_CODES_RENEWED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    API_KEY_CREATED = "API_KEY_CREATED"
    API_KEY_REVOKED = "API_KEY_REVOKED"
    PROVIDER_KEY_SAVED = "PROVIDER_KEY_SAVED"
    PROVIDER_KEY_REMOVED = "PROVIDER_KEY_REMOVED"
    DATA_EXPORTED = "DATA_EXPORTED"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"
    ACCOUNT_RESTORED = "ACCOUNT_RESTORED"
    ACCOUNT_ERASED = "ACCOUNT_ERASED"
    USER_SUSPENDED = "USER_SUSPENDED"
    USER_ADMITTED = "USER_ADMITTED"
    PLATFORM_ROLE_CHANGED = "PLATFORM_ROLE_CHANGED"
    SPENDING_LIMIT_SET = "SPENDING_LIMIT_SET"
    COMPANY_CREATED = "COMPANY_CREATED"
    COMPANY_UPDATED = "COMPANY_UPDATED"
    MEMBER_INVITED = "MEMBER_INVITED"
    INVITATION_REVOKED = "INVITATION_REVOKED"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    INVITATION_DECLINED = "INVITATION_DECLINED"
    MEMBER_ROLE_CHANGED = "MEMBER_ROLE_CHANGED"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    MEMBER_LEFT = "MEMBER_LEFT"
    ROLE_CREATED = "ROLE_CREATED"
    ROLE_UPDATED = "ROLE_UPDATED"
    ROLE_DELETED = "ROLE_DELETED"
    ASSET_DELETED = "ASSET_DELETED"
    CAR_DELETED = "CAR_DELETED"
    PROJECT_DELETED = "PROJECT_DELETED"
    PROJECT_RESTORED = "PROJECT_RESTORED"
    PROJECT_ERASED = "PROJECT_ERASED"
    PROJECT_TRANSFERRED = "PROJECT_TRANSFERRED"
    COLLABORATOR_INVITED = "COLLABORATOR_INVITED"
    COLLABORATOR_ADDED = "COLLABORATOR_ADDED"
    COLLABORATOR_ROLE_CHANGED = "COLLABORATOR_ROLE_CHANGED"
    COLLABORATOR_REMOVED = "COLLABORATOR_REMOVED"
    COMMENT_DELETED = "COMMENT_DELETED"
    REVIEW_LINK_CREATED = "REVIEW_LINK_CREATED"
    REVIEW_LINK_REVOKED = "REVIEW_LINK_REVOKED"


def _newest(name: str, *fields: str) -> IndexModel:
    keys = [(field, ASCENDING) for field in fields] + [("at", DESCENDING), ("_id", DESCENDING)]
    return IndexModel(keys, name=name)


class AuditEntry(Document):
    """One act.

    Attributes:
        actor_id: the user who did it, None for the system and for guests.
        api_key_id: the API key that it was done with.
        session_id: the session in which it was done.
        address: IP address that the request came from, empty for the system.
        user_agent: as the client named itself, at most 300 characters.
        target_kind: what it was done to, by its GraphQL type.
        target_id: which one.
        company_id: the company whose administrators may read this.
        project_id: the project that it was done in.
        details: what else tells the story: roles before and after, names. Never a secret.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    at: datetime
    action: AuditAction
    actor_id: PydanticObjectId | None = None
    api_key_id: PydanticObjectId | None = None
    session_id: PydanticObjectId | None = None
    address: str = ""
    user_agent: str = ""
    target_kind: str
    target_id: PydanticObjectId
    company_id: PydanticObjectId | None = None
    project_id: PydanticObjectId | None = None
    details: dict[str, Any] = Field(default_factory=dict)

    class Settings:
        """Collection `audit_entries`; each of its lists is served by one index."""

        name = "audit_entries"
        # The database itself can see to it that nothing here is changed: docs/operations.md has the role.
        indexes: ClassVar[list[IndexModel]] = [
            _newest("newest"),
            _newest("newest_of_action", "action"),
            _newest("newest_of_actor", "actor_id"),
            _newest("newest_of_target", "target_id"),
            _newest("newest_of_project", "project_id"),
            _newest("newest_of_company", "company_id"),
            _newest("newest_of_company_by_action", "company_id", "action"),
            _newest("newest_of_company_by_actor", "company_id", "actor_id"),
            _newest("newest_of_company_by_target", "company_id", "target_id"),
            _newest("newest_of_company_by_project", "company_id", "project_id"),
        ]

    @classmethod
    async def write(cls, entry: "AuditEntry", *, session: AsyncClientSession | None) -> None:
        """Store an entry, in the transaction of the act itself wherever that has one."""
        values = entry.model_dump(by_alias=True, exclude={"revision_id"})
        await cls.get_pymongo_collection().insert_one(values, session=session)
