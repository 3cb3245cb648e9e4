"""A sign-in on one device, from its first tokens to its last."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Any, ClassVar, Final, cast

from beanie import Document, PydanticObjectId, UpdateResponse
from pydantic import Field
from pymongo import IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.standing import STANDING, Standing, read_standing

IDLE_LIFETIME: Final = timedelta(days=30)
"""A session that is not refreshed for this long is over."""


class SessionEnd(Enum):
    """Why a session was ended before its time."""

    SIGNED_OUT = "SIGNED_OUT"
    REFRESH_TOKEN_REUSED = "REFRESH_TOKEN_REUSED"  # noqa: S105 - a reason, not a secret
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - likewise


class Session(Document):
    """One sign-in and its family of refresh tokens.

    Each refresh token of a session carries two secrets: one that all of the family share, and one of its
    own. Only their SHA-256 digests are here. The shared one tells a token that was ours once (its reuse
    ends the session) from one that somebody made up around a session's id (which must end nothing).

    Attributes:
        expires_at: moved on at each refresh; MongoDB removes the document after it.
        user_agent: as the browser named itself, at most 300 characters; never trusted.
        address: where it was opened from.
        family_hash: digest of the secret that all refresh tokens of this session share.
        refresh_hash: digest of the current refresh token's own secret.
        generation: how many times it was refreshed.
        revoked_at: when it was ended before its time, None while it is open.
    """

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId)]
    user_id: PydanticObjectId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    family_hash: Annotated[bytes, Field(repr=False)]
    refresh_hash: Annotated[bytes, Field(repr=False)]
    generation: int = 0
    revoked_at: datetime | None = None
    revoked_reason: SessionEnd | None = None

    class Settings:
        """Collection `sessions`."""

        name = "sessions"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("user_id", 1), ("last_used_at", -1)], name="by_user"),
            IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0),
        ]

    @classmethod
    async def open(
        cls,
        session_id: PydanticObjectId,
        user_id: PydanticObjectId,
        *,
        family_hash: bytes,
        refresh_hash: bytes,
        user_agent: str,
        address: str,
        now: datetime,
        session: AsyncClientSession | None = None,
    ) -> "Session":
        """Store a new sign-in under an id that its first refresh token already names."""
        opened = cls(
            id=session_id,
            user_id=user_id,
            created_at=now,
            last_used_at=now,
            expires_at=now + IDLE_LIFETIME,
            user_agent=user_agent[:300],
            address=address,
            family_hash=family_hash,
            refresh_hash=refresh_hash,
        )
        return await opened.insert(session=session)

    @classmethod
    async def standing(
        cls, session_id: PydanticObjectId, user_id: PydanticObjectId, *, now: datetime
    ) -> Standing | None:
        """What the user of an open session is; None if it is over or the user gone or suspended.

        One round trip, by ids.
        """
        return (await cls.standings([(session_id, user_id)], now=now)).get(session_id)

    @classmethod
    async def standings(
        cls, sessions: Iterable[tuple[PydanticObjectId, PydanticObjectId]], *, now: datetime
    ) -> Mapping[PydanticObjectId, Standing]:
        """What the users of open sessions are, by session, in one round trip.

        Args:
            sessions: ids of sessions, each with that of its user. Those that are over, or of users who are
                gone or suspended, are left out.
            now: the present.
        """
        wanted = dict(sessions)
        if not wanted:
            return {}
        pipeline: list[dict[str, Any]] = [
            {"$match": {"_id": {"$in": list(wanted)}, **_open(now)}},
            {"$project": {"user_id": 1}},
            *STANDING,
        ]
        cursor = await cls.get_pymongo_collection().aggregate(pipeline)
        found = await cursor.to_list()
        return {raw["_id"]: read_standing(raw) for raw in found if wanted[raw["_id"]] == raw["user_id"]}

    @classmethod
    async def rotate(
        cls,
        session_id: PydanticObjectId,
        *,
        family_hash: bytes,
        presented_hash: bytes,
        next_hash: bytes,
        now: datetime,
    ) -> "Session | None":
        """Trade the current refresh token for the next. None if it is not the current one of an open session.

        One compare-and-set: of two refreshes with the same token at most one gets a session.
        """
        current = {
            "_id": session_id,
            "family_hash": family_hash,
            "refresh_hash": presented_hash,
            **_open(now),
        }
        change = {"refresh_hash": next_hash, "last_used_at": now, "expires_at": now + IDLE_LIFETIME}
        session = await cls.find_one(current).update(
            {"$set": change, "$inc": {"generation": 1}}, response_type=UpdateResponse.NEW_DOCUMENT
        )
        return cast("Session | None", session)  # Beanie types this as an update result

    @classmethod
    async def end_if_reused(
        cls,
        session_id: PydanticObjectId,
        *,
        family_hash: bytes,
        presented_hash: bytes,
        now: datetime,
        session: AsyncClientSession | None = None,
    ) -> "Session | None":
        """End an open session whose refresh token was presented after it had been traded in; else None.

        Whoever came second may be the owner or a thief; ending the whole family stops both. There is no
        grace for a client that sends the same token twice by mistake: its user signs in again.
        """
        reused = {"_id": session_id, "family_hash": family_hash, "refresh_hash": {"$ne": presented_hash}}
        change = {"revoked_at": now, "revoked_reason": SessionEnd.REFRESH_TOKEN_REUSED.value}
        raw = await cls.get_pymongo_collection().find_one_and_update(
            {**reused, **_open(now)}, {"$set": change}, session=session
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def end(
        cls,
        session_id: PydanticObjectId,
        reason: SessionEnd,
        *,
        now: datetime,
        user_id: PydanticObjectId | None = None,
        session: AsyncClientSession | None = None,
    ) -> bool:
        """End one session; its access tokens are refused from here on.

        Args:
            session_id: which one.
            reason: why.
            now: the present.
            user_id: only if it is this user's.
            session: the transaction.

        Returns:
            False if it was over already, or is somebody else's.
        """
        owned = {} if user_id is None else {"user_id": user_id}
        return await cls._end({"_id": session_id, **owned, **_open(now)}, reason, now, session) == 1

    @classmethod
    async def end_all(
        cls,
        user_id: PydanticObjectId,
        reason: SessionEnd,
        *,
        now: datetime,
        but: PydanticObjectId | None = None,
        session: AsyncClientSession | None = None,
    ) -> int:
        """End every open session of a user, `but` one; how many there were."""
        kept = {} if but is None else {"_id": {"$ne": but}}
        return await cls._end({"user_id": user_id, **kept, **_open(now)}, reason, now, session)

    @classmethod
    async def open_ones(cls, user_id: PydanticObjectId, *, now: datetime, most: int) -> list["Session"]:
        """A user's open sessions, those that were used last first."""
        found = cls.find({"user_id": user_id, **_open(now)}).sort("-last_used_at")
        return await found.limit(most).to_list()

    def is_open(self, now: datetime) -> bool:
        """Whether it goes on."""
        return self.revoked_at is None and self.expires_at > now

    @classmethod
    async def _end(
        cls,
        which: dict[str, Any],
        reason: SessionEnd,
        now: datetime,
        session: AsyncClientSession | None = None,
    ) -> int:
        result = await cls.get_pymongo_collection().update_many(
            which, {"$set": {"revoked_at": now, "revoked_reason": reason.value}}, session=session
        )
        return result.modified_count


def _open(now: datetime) -> dict[str, Any]:
    return {"revoked_at": None, "expires_at": {"$gt": now}}
