"""One entry of the library: a picture, clip, voice, music or sound that somebody made or sent before."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.text import Tag
from documents.tree.asset import Provenance, StoredFile
from documents.tree.script import WordTimes, WordTiming

TAGS_MAX = 30


class LibraryKind(StrEnum):
    """What an entry is."""

    IMAGE = "IMAGE"
    CLIP = "CLIP"
    VOICEOVER = "VOICEOVER"
    MUSIC = "MUSIC"
    SOUND_EFFECT = "SOUND_EFFECT"


class LibraryEntry(Document):
    """An asset of a project, found by its words; it stands as long as its file does.

    Args:
        id: the asset's own.
        owner_id, company_id, hidden_at: those of its project, and when that was deleted; they follow it.
        text: the prompt, the narration, and the scene's title: what it shows or says.
        tags: people's own.
        terms: what a search compares: the words of text and tags, and each tag behind a `#`.
        width, height: in pixels; 0 for sounds.
        duration_s: 0 for pictures.
        has_sound: whether a clip has a sound of its own.
        words: a voice's, with their times; they are what it says.
        use_count: how often it was used again.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    kind: LibraryKind
    project_id: PydanticObjectId
    scene_id: PydanticObjectId | None = None
    frame_id: PydanticObjectId | None = None
    owner_id: PydanticObjectId
    company_id: PydanticObjectId | None = None
    hidden_at: datetime | None = None
    text: str = ""
    tags: Annotated[list[Tag], Field(max_length=TAGS_MAX)] = Field(default_factory=list)
    terms: list[str] = Field(default_factory=list)
    file: StoredFile
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    has_sound: bool = False
    words: list[WordTiming] = Field(default_factory=list)
    word_times: WordTimes = WordTimes.ESTIMATED
    is_spoken: bool = True
    provenance: Provenance
    use_count: int = 0
    last_used_at: datetime | None = None
    revision: int = 0
    created_at: datetime

    class Settings:
        """Collection `library`; each list has the index that serves its filter and its order."""

        name = "library"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [
                    (whose, ASCENDING),
                    ("hidden_at", ASCENDING),
                    (what, ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name=f"{whose}_by_{what}",
            )
            for whose in ("owner_id", "company_id", "project_id")
            for what in ("kind", "terms")
        ] + [
            IndexModel([("file.sha256", ASCENDING)], name="of_bytes"),
            IndexModel([("provenance.inputs_hash", ASCENDING), ("kind", ASCENDING)], name="of_inputs"),
        ]
