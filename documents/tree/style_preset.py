"""Looks that have a name, and the words that they stand for."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class StylePreset(StrEnum):
    """What pictures look like, by name."""

    CINEMATIC = "CINEMATIC"
    REALISM = "REALISM"
    DOCUMENTARY = "DOCUMENTARY"
    ANIME = "ANIME"
    RETRO_80S_ANIME = "RETRO_80S_ANIME"
    ANIMATION_3D = "ANIMATION_3D"
    COMIC_BOOK = "COMIC_BOOK"
    WATERCOLOUR = "WATERCOLOUR"
    MINIMALIST_VECTOR = "MINIMALIST_VECTOR"
    DARK_FANTASY = "DARK_FANTASY"
    CYBERPUNK_NEON = "CYBERPUNK_NEON"


LOOKS: Final[Mapping[StylePreset, str]] = MappingProxyType(
    {
        StylePreset.CINEMATIC: "cinematic, film still, soft key light, shallow depth of field",
        StylePreset.REALISM: "realistic photography, natural light, true colours",
        StylePreset.DOCUMENTARY: "documentary photography, available light, candid",
        StylePreset.ANIME: "anime, clean line art, cel shading, expressive faces",
        StylePreset.RETRO_80S_ANIME: "anime of the 1980s, retro, hand-painted cels, film grain",
        StylePreset.ANIMATION_3D: "3d animation, rounded shapes, soft global light",
        StylePreset.COMIC_BOOK: "comic book, bold ink outlines, halftone dots, flat colours",
        StylePreset.WATERCOLOUR: "watercolor painting, wet edges, paper texture",
        StylePreset.MINIMALIST_VECTOR: "minimalist vector art, flat shapes, few colours",
        StylePreset.DARK_FANTASY: "dark fantasy painting, dramatic shadows, mist",
        StylePreset.CYBERPUNK_NEON: "cyberpunk, neon signs, rain at night, magenta and cyan",
    }
)
"""The words that a preset stands for: at most 78 characters, so that own words fit behind them."""


def in_words(preset: StylePreset, own: str) -> str:
    """Words for the pictures: those of the preset, and then somebody's own."""
    return ", ".join(part for part in (LOOKS[preset], own) if part)
