"""Copies that projects get of a company's files, under keys of their own: they outlive the originals."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from access.errors import NotFound
from documents.asset import StoredFile, Thumbnail
from resolvers.context import Context
from storage.errors import ObjectMissing


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
        """The copy, as the project names it."""
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


async def make_copies(context: Context, copies: Sequence[Copy], kind: str) -> None:
    """Copy objects, all at once; where one fails, none stays.

    Args:
        context: the operation's.
        copies: what is wanted.
        kind: GraphQL type of the originals.

    Raises:
        NotFound: an original was removed in the meantime.
    """
    objects = context.services.objects
    pairs = [pair for each in copies for pair in each.pairs]
    done = await asyncio.gather(*(objects.copy(*pair) for pair in pairs), return_exceptions=True)
    failures = [each for each in done if isinstance(each, BaseException)]
    if failures:
        await drop_copies(context, copies)
        if isinstance(failures[0], ObjectMissing):
            raise NotFound(kind) from failures[0]
        raise failures[0]


async def drop_copies(context: Context, copies: Sequence[Copy]) -> None:
    """Remove copies that no project names after all."""
    await context.services.objects.delete_many([target for each in copies for _, target in each.pairs])
