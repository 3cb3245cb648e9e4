"""A show: a series of videos that look, sound and talk alike. Its episodes are projects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import IndexModel, ReturnDocument

from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.text import LanguageTag, Line, Paragraph, Title
from documents.tree.style_preset import StylePreset, in_words
from documents.writers_room.belonging import lists_of_owner_and_company

MOST_OWN: Final = 500
"""Shows of one person, or of one company."""


OwnWords = Annotated[Line, Field(max_length=120)]


class Show(Document):
    """A series of videos, of a person's or of a company's.

    Args:
        visual_prompt: words for the pictures besides those of the preset.
        speech_provider, voice: who speaks, as in a project's style; None for the usual ones.
        persona_id: who writes new episodes, in the newest version then; None for nobody in particular.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    name: Title
    description: Paragraph = ""
    style_preset: StylePreset = StylePreset.CINEMATIC
    visual_prompt: OwnWords = ""
    speech_provider: Line | None = None
    voice: Line | None = None
    language: LanguageTag = "en"
    audience: Line | None = None
    culture: Line | None = None
    persona_id: PydanticObjectId | None = None
    revision: int = 0
    created_at: datetime
    updated_at: datetime

    class Settings:
        """Collection `shows`."""

        name = "shows"
        indexes: ClassVar[list[IndexModel]] = lists_of_owner_and_company()

    @property
    def look(self) -> str:
        """Words for the pictures of its episodes."""
        return in_words(self.style_preset, self.visual_prompt)


async def make(show: Show) -> None:
    """Store a new show.

    Raises:
        CapReached: its owner has as many as one may have, to about one.
    """
    whose = {"owner_id": show.owner_id, "company_id": show.company_id}
    shows = Show.get_pymongo_collection()
    if await shows.count_documents(whose, limit=MOST_OWN) >= MOST_OWN:
        raise CapReached("shows of one's own", MOST_OWN)
    await show.insert()


async def change(
    show_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
    now: datetime,
) -> Show:
    """Set fields of a show.

    Raises:
        NodeMissing: it is gone.
        RevisionStale: it has another revision than expected.
    """
    expected = {} if expected_revision is None else {"revision": expected_revision}
    raw = await Show.get_pymongo_collection().find_one_and_update(
        {"_id": show_id, **expected},
        {"$set": {**values, "updated_at": now}, "$inc": {"revision": 1}},
        return_document=ReturnDocument.AFTER,
    )
    if raw is not None:
        changed: Show = Show.model_validate(raw)
        return changed
    current = await Show.get(show_id)
    if current is None:
        raise NodeMissing("Show")
    raise RevisionStale("Show", current)
