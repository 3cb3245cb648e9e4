"""Kinds of what companies have, described for clients before any type or input names them."""

from documents.companies.car_model import CarMediaKind
from documents.companies.company_asset import AssetKind
from schema.enums import describe

__all__ = ["AssetKind", "CarMediaKind"]

describe(
    AssetKind,
    "What a brand asset is for.",
    {
        AssetKind.LOGO: "A picture that is laid over videos, usually at the top right.",
        AssetKind.BADGE: "A smaller picture that is laid over videos, usually at the top left.",
        AssetKind.COLOR_SCHEME: "Colours for pictures and captions; a value without a file.",
        AssetKind.FONT: "A typeface for captions and titles.",
        AssetKind.WATERMARK: "A picture that is laid over videos, see-through.",
        AssetKind.INTRO: "A moving picture to begin with.",
        AssetKind.OUTRO: "A moving picture to end with.",
        AssetKind.MUSIC: "A piece of music.",
        AssetKind.OTHER: "Anything else: a value, a file, or both.",
    },
)
describe(
    CarMediaKind,
    "What a file of a car shows or sounds like.",
    {
        CarMediaKind.EXTERIOR: "A picture from outside.",
        CarMediaKind.INTERIOR: "A picture from inside.",
        CarMediaKind.SOUND: "A sound, such as the engine's.",
        CarMediaKind.MODEL_3D: "A 3D model: glTF or GLB.",
    },
)
