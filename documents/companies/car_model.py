"""A model of a company's car catalogue, its variants and their media inside of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel

from documents.companies.media_file import MediaFile
from documents.name_search import name_key, name_prefixes
from documents.text import Line, Title
from documents.tree.node import Stored

MODELS_MAX: Final = 20_000
"""Car models of a company."""

VARIANTS_MAX: Final = 100
"""Variants of a model."""

MEDIA_MAX: Final = 100
"""Media of a variant."""

MODEL_MEDIA_MAX: Final = 2_000
"""Media of all variants of a model together; they stand in one document."""

ModelYear = Annotated[int, Field(ge=1885, le=2100)]


class CarMediaKind(StrEnum):
    """What a file of a variant shows or sounds like."""

    EXTERIOR = "EXTERIOR"
    INTERIOR = "INTERIOR"
    SOUND = "SOUND"
    MODEL_3D = "MODEL_3D"


PICTURES: Final = frozenset({CarMediaKind.EXTERIOR, CarMediaKind.INTERIOR})
"""Kinds whose files are pictures."""


class CarMedia(MediaFile):
    """A file of a variant.

    Args:
        title: what people call it.
        revision: raised with each change.
        variant_id: the variant that has it, stamped on reading; not stored.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    kind: CarMediaKind
    title: Line = ""
    created_by: PydanticObjectId
    created_at: datetime
    revision: int = 0
    variant_id: PydanticObjectId | None = Field(default=None, exclude=True)


class CarVariant(Stored):
    """A model as it was sold in a year, with a trim.

    Args:
        trim: such as `GTI` or `Long Range AWD`; empty where there is only one.
        revision: raised with each change of the variant's own fields.
        model_id: the model that has it, stamped on reading; not stored.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    year: ModelYear
    trim: Line = ""
    media: list[CarMedia] = Field(default_factory=list)
    created_at: datetime
    revision: int = 0
    model_id: PydanticObjectId | None = Field(default=None, exclude=True)

    def model_post_init(self, context: Any, /) -> None:
        """Tell the media whose they are."""
        super().model_post_init(context)
        for each in self.media:
            each.variant_id = self.id


class CarModel(Document):
    """A model of the catalogue.

    Args:
        name_key: the name as models are ordered and compared.
        name_prefixes: beginnings of the name's words, for the search.
        revision: raised with each change of the model's own fields.
    """

    model_config = ConfigDict(extra="ignore")

    id: Annotated[PydanticObjectId, Field(default_factory=PydanticObjectId, alias="_id")]
    company_id: PydanticObjectId
    name: Title
    name_key: str
    name_prefixes: list[str] = Field(default_factory=list)
    variants: list[CarVariant] = Field(default_factory=list)
    revision: int = 0
    created_by: PydanticObjectId
    created_at: datetime
    updated_at: datetime

    class Settings:
        """Collection `car_models`; a list and a search are walks of one index each."""

        name = "car_models"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("company_id", ASCENDING), ("name_key", ASCENDING), ("_id", ASCENDING)], name="by_name"
            ),
            IndexModel(
                [
                    ("company_id", ASCENDING),
                    ("name_prefixes", ASCENDING),
                    ("name_key", ASCENDING),
                    ("_id", ASCENDING),
                ],
                name="search",
            ),
            IndexModel([("variants._id", ASCENDING)], name="by_variant"),
            IndexModel([("variants.media._id", ASCENDING)], name="by_media"),
        ]

    def model_post_init(self, context: Any, /) -> None:
        """Tell the variants whose they are."""
        super().model_post_init(context)
        for variant in self.variants:
            variant.model_id = self.id


def naming(name: str) -> dict[str, Any]:
    """All stored fields that follow from a model's name."""
    return {"name": name, "name_key": name_key(name), "name_prefixes": name_prefixes(name)}
