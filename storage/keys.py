"""Where each object lies: one function per kind of object, so that no other module spells a key.

Keys are written once and never change. Every part is checked: an id or an extension out of a request cannot
climb into somebody else's folder.
"""

import re
from typing import Literal

from storage.errors import KeyMalformed

CarMediaFolder = Literal["exterior", "interior", "sounds", "3d-models"]
SceneFolder = Literal["images", "clips", "voiceovers", "seed-frames", "sounds"]
RenderPart = Literal["video", "poster", "captions", "audio"]
TenantFolder = Literal["companies", "users"]

KEY_BYTES_MAX = 1024  # S3's own limit
_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,126}[A-Za-z0-9])?")
_EXTENSION = re.compile(r"[a-z0-9]{1,10}")
_CONTENT_HASH = re.compile(r"[0-9a-f]{64}")
_KEY_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def company_asset(company: str, folder: str, asset: str, extension: str) -> str:
    """A brand asset; `folder` is the plural of its kind, as in `logos` or `color-schemes`."""
    return f"{company_prefix(company)}assets/{_part(folder)}/{_file(asset, extension)}"


def car_media(
    company: str, model: str, variant: str, *, folder: CarMediaFolder, media: str, extension: str
) -> str:
    """A picture, sound or 3D model of one variant of a car."""
    where = "/".join([_part(model), _part(variant), _part(folder)])
    return f"{company_prefix(company)}cars/{where}/{_file(media, extension)}"


def character_file(owner: TenantFolder, owner_id: str, character: str, *, asset: str, extension: str) -> str:
    """A reference picture of a character of a person's own, or of a company's."""
    return f"{character_prefix(owner, owner_id, character)}{_file(asset, extension)}"


def user_file(user: str, folder: str, asset: str, extension: str) -> str:
    """Something of a user's own, such as a picture in `avatars`."""
    return f"{user_prefix(user)}{_part(folder)}/{_file(asset, extension)}"


def voice_preview(user: str, preview: str, extension: str) -> str:
    """A few words that a user had a voice say."""
    return f"{voice_preview_prefix(user, preview)}{_file('speech', extension)}"


def project_upload(project: str, upload: str, extension: str) -> str:
    """A file as a browser has sent it."""
    return f"{project_prefix(project)}uploads/{_file(upload, extension)}"


def company_upload(company: str, upload: str, extension: str) -> str:
    """A file as a browser has sent it for a company."""
    return f"{company_prefix(company)}uploads/{_file(upload, extension)}"


def scene_asset(project: str, scene: str, folder: SceneFolder, asset: str, extension: str) -> str:
    """A candidate of a scene or of one of its frames."""
    return f"{scene_prefix(project, scene)}{_part(folder)}/{_file(asset, extension)}"


def project_music(project: str, asset: str, extension: str) -> str:
    """Music of a project."""
    return f"{project_prefix(project)}music/{_file(asset, extension)}"


def project_brand(project: str, asset: str, extension: str) -> str:
    """A project's own copy of a brand asset."""
    return f"{project_prefix(project)}brand/{_file(asset, extension)}"


def project_reference(project: str, asset: str, extension: str) -> str:
    """A picture of something that must look as it does in a project's pictures."""
    return f"{project_prefix(project)}references/{_file(asset, extension)}"


def render_file(project: str, render: str, part: RenderPart, extension: str) -> str:
    """One file of a finished render, as in `video.mp4` or `captions.vtt`."""
    return f"{render_prefix(project, render)}{_file(part, extension)}"


def segment(owner: TenantFolder, owner_id: str, content_hash: str, extension: str = "mp4") -> str:
    """An encoded segment, named by the SHA-256 of all that went into it; the cache never crosses a tenant."""
    if not _CONTENT_HASH.fullmatch(content_hash):
        raise KeyMalformed(content_hash, "a content hash is 64 hexadecimal digits in lower case.")
    return f"{segments_prefix(owner, owner_id)}{_file(content_hash, extension)}"


def company_prefix(company: str) -> str:
    """What the keys of all of a company's objects begin with, its projects' apart."""
    return f"companies/{_part(company)}/"


def character_prefix(owner: TenantFolder, owner_id: str, character: str) -> str:
    """What the keys of all of a character's objects begin with."""
    return f"{_part(owner)}/{_part(owner_id)}/characters/{_part(character)}/"


def user_prefix(user: str) -> str:
    """What the keys of all of a user's objects begin with, their projects' apart."""
    return f"users/{_part(user)}/"


def voice_preview_prefix(user: str, preview: str) -> str:
    """What the keys of all sounds of a preview begin with."""
    return f"{user_prefix(user)}voice-previews/{_part(preview)}/"


def project_prefix(project: str) -> str:
    """What the keys of all of a project's objects begin with."""
    return f"projects/{_part(project)}/"


def scene_prefix(project: str, scene: str) -> str:
    """What the keys of all of a scene's objects begin with."""
    return f"{project_prefix(project)}scenes/{_part(scene)}/"


def render_prefix(project: str, render: str) -> str:
    """What the keys of all files of a render begin with."""
    return f"{project_prefix(project)}renders/{_part(render)}/"


def segments_prefix(owner: TenantFolder, owner_id: str) -> str:
    """What the keys of all of a tenant's segments begin with."""
    return f"{_part(owner)}/{_part(owner_id)}/segments/"


def checked(key: str) -> str:
    """The key itself, if it could have come from this module.

    Raises:
        KeyMalformed: it is empty or too long, or a part of it is empty, begins with a dot, or holds anything
            besides ASCII letters, digits, `-`, `_` and `.`.
    """
    if len(key) > KEY_BYTES_MAX:
        raise KeyMalformed(key[:80] + "…", f"a key has at most {KEY_BYTES_MAX} bytes.")
    if not all(_KEY_PART.fullmatch(part) for part in key.split("/")):
        raise KeyMalformed(
            key, "its parts are ASCII letters, digits, '-', '_' and '.', and begin with no sign."
        )
    return key


def checked_prefix(prefix: str) -> str:
    """The prefix itself, if it ends a part of a key (`projects/…/`), so that it matches no neighbour's.

    Raises:
        KeyMalformed: it does not end with a slash, or is no key without it.
    """
    if not prefix.endswith("/"):
        raise KeyMalformed(prefix, "a prefix ends with '/'.")
    checked(prefix[:-1])
    return prefix


def _file(name: str, extension: str) -> str:
    if not _EXTENSION.fullmatch(extension):
        raise KeyMalformed(
            extension, "an extension is 1 to 10 ASCII letters in lower case or digits, no dot."
        )
    return f"{_part(name)}.{extension}"


def _part(text: str) -> str:
    if not _PART.fullmatch(text):
        rule = "1 to 128 ASCII letters, digits, '-' and '_', beginning and ending with a letter or digit."
        raise KeyMalformed(text, rule)
    return text
