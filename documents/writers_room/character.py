"""Somebody who appears in videos: what they look like, how they sound, and pictures of them."""

from datetime import datetime
from typing import Annotated, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from documents.text import Line, Paragraph, Title
from documents.tree.asset import Provenance, StoredFile
from documents.tree.node import Stored

IMAGES_MAX: Final = 8
"""Reference pictures of a character."""


class CharacterImage(Stored):
    """A picture that shows what a character looks like; width and height in pixels.

    Args:
        title: what it shows, such as `from the side`.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    title: Line = ""
    file: StoredFile
    width: int
    height: int
    provenance: Provenance


class CharacterVoice(Stored):
    """How a character sounds.

    Args:
        provider: who speaks; None takes the project's.
        voice: a voice's id at that provider.
        speed: 1 is the voice's own pace; None takes the project's.
    """

    provider: Line | None = None
    voice: Title
    speed: Annotated[float, Field(ge=0.5, le=2, allow_inf_nan=False)] | None = None


class Character(Document):
    """A character: a person's own, or a company's.

    Args:
        owner_id: whose it is; None for a company's.
        company_id: the company whose it is; None for a person's own.
        show_id: the show that it belongs to, if it belongs to one.
        created_by: who made it.
        description: outward appearance alone, in words that serve in picture prompts.
        images: reference pictures, the first of which counts most.
        dropped_keys: objects of pictures that were removed, for the next sweep.
        revision: raised with each change.
        deleted_at: set until the next sweep removes it with its objects.
    """

    model_config = ConfigDict(extra="ignore")

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    show_id: PydanticObjectId | None = None
    created_by: PydanticObjectId
    name: Title
    description: Paragraph = ""
    age: Line | None = None
    gender: Line | None = None
    role: Line | None = None
    cultural_context: Line | None = None
    notes: Paragraph = ""
    images: Annotated[list[CharacterImage], Field(max_length=IMAGES_MAX)] = Field(default_factory=list)
    voice: CharacterVoice | None = None
    dropped_keys: list[str] = Field(default_factory=list)
    revision: int = 0
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    class Settings:
        """Collection `characters`; each list is a walk of one index."""

        name = "characters"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [
                    (whose, ASCENDING),
                    *((field, ASCENDING) for field in of_show),
                    ("deleted_at", ASCENDING),
                    ("created_at", DESCENDING),
                    ("_id", DESCENDING),
                ],
                name=name,
            )
            for name, whose, of_show in (
                ("newest_of_owner", "owner_id", ()),
                ("newest_of_owner_in_show", "owner_id", ("show_id",)),
                ("newest_of_company", "company_id", ()),
                ("newest_of_company_in_show", "company_id", ("show_id",)),
            )
        ] + [
            IndexModel(
                [("deleted_at", ASCENDING)],
                name="to_remove",
                partialFilterExpression={"deleted_at": {"$type": "date"}},
            ),
            IndexModel(
                [("dropped_keys", ASCENDING)],
                name="to_tidy",
                partialFilterExpression={"dropped_keys.0": {"$exists": True}},
            ),
        ]

    @property
    def appearance(self) -> str:
        """The character as pictures are told of them: name, then looks as far as they are known."""
        looks = [self.age, self.gender, self.cultural_context, self.description]
        known = ", ".join(part.strip() for part in looks if part and part.strip())
        return f"{self.name}: {known}" if known else self.name
