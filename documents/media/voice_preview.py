"""A few words by one voice, to be heard before it is chosen; gone after a day."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field, StringConstraints
from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.text import LanguageTag, Line, Remark
from documents.tree.asset import StoredFile

KEPT_FOR: Final = timedelta(days=1)
"""How long a preview can be heard, and how long one that never came about is shown."""

WORDS_MAX: Final = 200  # characters

_STILL_HEARD: Final = timedelta(hours=1)


class VoicePreview(Document):
    """One preview, for whoever ordered it alone.

    Args:
        job_id: the job that makes it.
        voice: the voice's id; None for the language's first.
        inputs_hash: SHA-256 of all that it is spoken from.
        file: the sound, None until it is there.
        duration_s: its length; None where the speaker does not tell it.
        is_spoken: False for silence: the language has no voice there.
        expires_at: from then on it is removed.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId
    job_id: PydanticObjectId
    text: Annotated[Remark, StringConstraints(max_length=WORDS_MAX)]
    language: LanguageTag
    provider: Line | None = None
    model: Line | None = None
    voice: Line | None = None
    speed: Annotated[float, Field(ge=0.5, le=2, allow_inf_nan=False)] = 1.0
    inputs_hash: str
    file: StoredFile | None = None
    duration_s: float | None = None
    is_spoken: bool = True
    created_at: datetime
    expires_at: datetime

    class Settings:
        """Collection `voice_previews`."""

        name = "voice_previews"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("owner_id", ASCENDING), ("inputs_hash", ASCENDING)], name="of_owner_by_inputs"),
            IndexModel([("job_id", ASCENDING)], name="of_job"),
            IndexModel([("expires_at", ASCENDING)], name="over"),
        ]

    @classmethod
    async def alike(
        cls, owner_id: PydanticObjectId, inputs_hash: str, *, now: datetime
    ) -> "VoicePreview | None":
        """A user's last preview out of the same inputs that can be heard for a while yet, or may come yet."""
        wanted: dict[str, Any] = {
            "owner_id": owner_id,
            "inputs_hash": inputs_hash,
            "expires_at": {"$gt": now + _STILL_HEARD},
        }
        found: VoicePreview | None = await cls.find(wanted).sort("-expires_at").first_or_none()
        return found

    @classmethod
    async def finish(
        cls,
        preview_id: PydanticObjectId,
        file: StoredFile,
        *,
        duration_s: float | None,
        is_spoken: bool,
        now: datetime,
        session: AsyncClientSession,
    ) -> bool:
        """Offer the sound for a day; False if nobody waits for it any more: its time is over."""
        values = {
            "file": file.stored(),
            "duration_s": duration_s,
            "is_spoken": is_spoken,
            "expires_at": now + KEPT_FOR,
        }
        result = await cls.get_pymongo_collection().update_one(
            {"_id": preview_id, "expires_at": {"$gt": now}}, {"$set": values}, session=session
        )
        return result.matched_count == 1
