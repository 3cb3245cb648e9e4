"""Copies of stored files, under keys of their own."""

from collections.abc import Callable
from dataclasses import dataclass

from documents.tree.asset import StoredFile, Thumbnail


@dataclass(frozen=True, slots=True)
class Copy:
    """What is copied to where.

    Args:
        file: the original.
        name: of the copy, without extension.
        key: gives the key of a name and an extension.
    """

    file: StoredFile
    name: str
    key: Callable[[str, str], str]

    @property
    def copied(self) -> StoredFile:
        """The copy, as whoever gets it names it."""
        thumbnail = self.file.thumbnail
        own = thumbnail and Thumbnail(
            key=self.key(f"{self.name}-small", _extension(thumbnail.key)), mime_type=thumbnail.mime_type
        )
        key = self.key(self.name, _extension(self.file.key))
        return self.file.model_copy(update={"key": key, "thumbnail": own})

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Keys of the originals, with those of their copies."""
        copied = self.copied
        pairs = [(self.file.key, copied.key)]
        if self.file.thumbnail is not None and copied.thumbnail is not None:
            pairs.append((self.file.thumbnail.key, copied.thumbnail.key))
        return pairs


def _extension(key: str) -> str:
    return key.rpartition(".")[2]
