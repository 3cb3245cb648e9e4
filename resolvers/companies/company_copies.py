"""Copies that projects get of a company's files, under keys of their own: they outlive the originals."""

import asyncio
from collections.abc import Sequence

from access.errors import NotFound
from documents.media.file_copy import Copy
from resolvers.context import Context
from storage.errors import ObjectMissing


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
