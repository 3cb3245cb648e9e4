"""What an upload is for: which files are taken, where the asset lies, and how it is attached.

A new purpose is a member of `documents.media.upload.UploadPurpose`, a class like the one below in a module of
its own beside this one, a line in `tasks.uploads.targets.registry`, and who may use it, in
`resolvers.media.upload_targets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media.upload import Upload, UploadRefusal
from documents.tree.asset import Provenance, StoredFile
from documents.tree.caps import Caps
from providers.protocols.speech import SpokenWord
from rendering.intake.media_types import MediaType
from tasks.workshop import Workshop


class TargetRefused(Exception):
    """The target cannot take the file (any more).

    Args:
        code: for programs.
        message: for the person who sent the file: what is wrong, what would be right.
    """

    def __init__(self, code: UploadRefusal, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Taken:
    """Which files a target takes.

    Args:
        types: by MIME type.
        size_bytes: of the largest file.
        duration_s: of the longest sound or moving picture.
        picture_side: length of the longer side to which a picture is brought before it is stored, as WebP
            and without what its file told besides; None keeps the file as it came.
    """

    types: Sequence[MediaType]
    size_bytes: int
    duration_s: float = 600.0
    picture_side: int | None = None

    def of(self, mime_type: str) -> MediaType | None:
        """The type of that name, if it is taken."""
        return next((each for each in self.types if each.mime_type == mime_type), None)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that passed: stored under its own key and ready to be attached.

    Args:
        asset_id: the id of what it becomes; doing the check again gives the same.
        width: in pixels as displayed, for pictures and moving pictures; 0 for others.
        height: likewise.
        duration_s: for sounds and moving pictures; 0 for others.
        words: of a voice, as they were heard in it; empty where nobody has listened.
        facts: what else was found, such as a font's `family` or a model's `triangles`.
    """

    asset_id: PydanticObjectId
    file: StoredFile
    provenance: Provenance
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    words: tuple[SpokenWord, ...] = ()
    facts: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@runtime_checkable
class Listener(Protocol):
    """A target that listens to what was sent, once it is stored and before it is attached."""

    async def listen(self, shop: Workshop, job: Job, upload: Upload, checked: CheckedFile) -> CheckedFile:
        """The same file with the words that are heard in it."""


class UploadTarget(Protocol):
    """One purpose. Knows its documents, and no viewer: who may is asked before, in the resolvers."""

    asset_kind: str
    """GraphQL type of what the file becomes: `Image`, `CompanyAsset`."""

    def taken(self, upload: Upload) -> Taken:
        """Which files are taken, which may depend on the upload's options.

        Asked when the upload is announced, before it is stored, and again by the worker.
        """

    async def place(self, upload: Upload, caps: Caps, sha256: str) -> PydanticObjectId | None:
        """Look whether the target still stands and has room, before anything is stored.

        Returns the asset of the target that has these very bytes already: then nothing is stored, and
        `attach_again` is called instead of `attach`.

        Raises:
            TargetRefused: it is gone, or full.
        """

    async def key(self, upload: Upload, asset_id: PydanticObjectId, extension: str) -> str:
        """Where the asset lies: out of `storage.keys`.

        Raises:
            TargetRefused: the target is gone.
        """

    async def attach(
        self, upload: Upload, checked: CheckedFile, caps: Caps, *, now: datetime, session: AsyncClientSession
    ) -> None:
        """Put the asset where it belongs, in the transaction that ends the check; it may run twice.

        Raises:
            TargetRefused: it cannot; nothing was written in the transaction.
        """

    async def attach_again(
        self,
        upload: Upload,
        asset_id: PydanticObjectId,
        caps: Caps,
        *,
        now: datetime,
        session: AsyncClientSession,
    ) -> None:
        """Do what the sender wants done with an asset that the target has already, such as showing it."""
