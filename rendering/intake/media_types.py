"""The types of files that people may send: how each is called, and what looks into it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Medium(StrEnum):
    """What kind of thing a file is, and so how it is checked."""

    PICTURE = "PICTURE"
    FILM = "FILM"
    SOUND = "SOUND"
    FONT = "FONT"
    MODEL = "MODEL"


@dataclass(frozen=True, slots=True)
class MediaType:
    """One type.

    Args:
        mime_type: as it is stored and sent.
        extension: of its files' names.
        opener: who reads it: Pillow's format, FFmpeg's demuxer, or empty for our own reading.
    """

    mime_type: str
    extension: str
    medium: Medium
    opener: str = ""


PNG: Final = MediaType("image/png", "png", Medium.PICTURE, "PNG")
JPEG: Final = MediaType("image/jpeg", "jpg", Medium.PICTURE, "JPEG")
WEBP: Final = MediaType("image/webp", "webp", Medium.PICTURE, "WEBP")
AVIF: Final = MediaType("image/avif", "avif", Medium.PICTURE, "AVIF")
GIF: Final = MediaType("image/gif", "gif", Medium.PICTURE, "GIF")
MP4: Final = MediaType("video/mp4", "mp4", Medium.FILM, "mov")
QUICKTIME: Final = MediaType("video/quicktime", "mov", Medium.FILM, "mov")
WEBM: Final = MediaType("video/webm", "webm", Medium.FILM, "matroska")
MATROSKA: Final = MediaType("video/x-matroska", "mkv", Medium.FILM, "matroska")
MP3: Final = MediaType("audio/mpeg", "mp3", Medium.SOUND, "mp3")
WAV: Final = MediaType("audio/wav", "wav", Medium.SOUND, "wav")
OGG: Final = MediaType("audio/ogg", "ogg", Medium.SOUND, "ogg")
FLAC: Final = MediaType("audio/flac", "flac", Medium.SOUND, "flac")
M4A: Final = MediaType("audio/mp4", "m4a", Medium.SOUND, "mov")
TTF: Final = MediaType("font/ttf", "ttf", Medium.FONT)
OTF: Final = MediaType("font/otf", "otf", Medium.FONT)
GLB: Final = MediaType("model/gltf-binary", "glb", Medium.MODEL)
GLTF: Final = MediaType("model/gltf+json", "gltf", Medium.MODEL)

STILLS: Final = (PNG, JPEG, WEBP)
"""Pictures that the renderer opens."""

PICTURES: Final = (*STILLS, AVIF, GIF)
FILMS: Final = (MP4, QUICKTIME, WEBM, MATROSKA)
SOUNDS: Final = (MP3, WAV, OGG, FLAC, M4A)
FONTS: Final = (TTF, OTF)
MODELS: Final = (GLB, GLTF)

GLTF_BYTES_MAX: Final = 32 * 1024**2
"""Size of the largest model that is JSON; larger ones come as GLB."""

KNOWN: Final = {each.mime_type: each for each in (*PICTURES, *FILMS, *SOUNDS, *FONTS, *MODELS)}
"""Every type that anything takes, by its MIME type."""
