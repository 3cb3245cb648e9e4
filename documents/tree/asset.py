"""Files that belong to a node, and where they came from."""

from datetime import datetime
from enum import StrEnum

from beanie import PydanticObjectId

from documents.text import Line, Paragraph
from documents.tree.node import Stored


class Origin(StrEnum):
    """How an asset came to be."""

    GENERATED = "GENERATED"
    UPLOADED = "UPLOADED"
    EXTRACTED = "EXTRACTED"
    COMPANY = "COMPANY"
    REUSED = "REUSED"


class Provenance(Stored):
    """Where an asset came from.

    Args:
        inputs_hash: SHA-256 of all that its making was asked with; None for an upload.
        provider_id: the provider's own id of the prediction or request.
        cost_micros: price in millionths of the major unit of `currency`.
        duration_ms: how long the making took.
        parent_id: the asset that it was made from.
        parent_kind: GraphQL type of that asset, where it stands outside of the project.
        knows_facts: False where the writer composed without knowing the subject.
    """

    origin: Origin
    provider: Line | None = None
    model: Line | None = None
    prompt: Paragraph | None = None
    negative_prompt: Paragraph | None = None
    seed: int | None = None
    provider_id: Line | None = None
    inputs_hash: str | None = None
    cost_micros: int = 0
    currency: str = "USD"
    duration_ms: int | None = None
    parent_id: PydanticObjectId | None = None
    parent_kind: str | None = None
    licence: Line | None = None
    knows_facts: bool | None = None
    created_by: PydanticObjectId | None = None
    job_id: PydanticObjectId | None = None
    created_at: datetime


class Thumbnail(Stored):
    """A small picture of a file, an object of its own: at most 480 pixels a side."""

    key: str
    mime_type: str


class StoredFile(Stored):
    """One object in S3.

    Args:
        key: the object's key: written once, never changed.
        sha256: of the bytes, in hexadecimal.
        thumbnail: a small picture of it, where one was made.
        waveform: peaks from 0 to 255 at equal distances over the whole sound, where they were taken.
    """

    key: str
    sha256: str
    size_bytes: int
    mime_type: str
    thumbnail: Thumbnail | None = None
    waveform: bytes | None = None
