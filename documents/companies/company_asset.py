"""A brand asset of a company: a value, a file, or both, by its kind."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final

from beanie import PydanticObjectId
from pydantic import BeforeValidator, ConfigDict, Field

from documents.companies.media_file import MediaFile
from documents.json_value import JsonObject
from documents.text import Colour, Title
from documents.tree.node import Stored
from documents.tree.overlay import Corner, OverlayLook

ASSETS_MAX: Final = 500
"""How many a company has; they stand inside of its document."""


class AssetKind(StrEnum):
    """What a brand asset is for."""

    LOGO = "LOGO"
    BADGE = "BADGE"
    COLOR_SCHEME = "COLOR_SCHEME"
    FONT = "FONT"
    WATERMARK = "WATERMARK"
    INTRO = "INTRO"
    OUTRO = "OUTRO"
    MUSIC = "MUSIC"
    OTHER = "OTHER"


OVERLAY_LOOKS: Final[Mapping[AssetKind, OverlayLook]] = MappingProxyType(
    {
        AssetKind.LOGO: OverlayLook(corner=Corner.TOP_RIGHT, size=0.2),
        AssetKind.BADGE: OverlayLook(corner=Corner.TOP_LEFT, size=0.14),
        AssetKind.WATERMARK: OverlayLook(corner=Corner.TOP_LEFT, size=0.25, opacity=0.4),
    }
)
"""Kinds that are laid over a video, and how they look where their value says nothing else."""

VALUE_KINDS: Final = frozenset({AssetKind.COLOR_SCHEME, AssetKind.OTHER})
"""Kinds that are a value and need no file; all others begin with a file that was sent."""


def _capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


_Colour = Annotated[Colour, BeforeValidator(_capitals)]  # JSON's texts come in either case


class ColorScheme(Stored):
    """The value of a colour scheme.

    Args:
        colors: those that pictures keep to, the most important first.
        text: of captions.
        highlight: of the spoken word.
        outline: around the letters.
        background: of the box behind a line.
    """

    model_config = ConfigDict(extra="forbid")

    colors: Annotated[list[_Colour], Field(min_length=1, max_length=8)]
    text: _Colour | None = None
    highlight: _Colour | None = None
    outline: _Colour | None = None
    background: _Colour | None = None


class CompanyAsset(Stored):
    """A brand asset.

    Args:
        value: what the kind asks for (see `checked_value`).
        media: the file that it is; None for one that is a value alone.
        revision: raised with each change.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    kind: AssetKind
    name: Title
    value: JsonObject = Field(default_factory=dict)
    media: MediaFile | None = None
    created_by: PydanticObjectId
    created_at: datetime
    updated_at: datetime
    revision: int = 0

    @property
    def overlay_look(self) -> OverlayLook:
        """How it is laid over a video, for a kind that is."""
        own = OverlayLook.model_validate(self.value)
        return OVERLAY_LOOKS[self.kind].model_copy(update=own.model_dump(exclude_unset=True))


def checked_value(kind: AssetKind, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value of an asset of this kind, as it is stored.

    Raises:
        ValidationError: a colour scheme is no `ColorScheme`, or the value of what is laid over a video no
            part of an `OverlayLook`.
    """
    if kind is AssetKind.COLOR_SCHEME:
        return ColorScheme.model_validate(value).model_dump(mode="json", exclude_none=True)
    if kind in OVERLAY_LOOKS:
        return OverlayLook.model_validate(value).model_dump(mode="json", exclude_unset=True)
    return dict(value)
