"""A folder for one run of FFmpeg, beside its result, gone afterwards unless the process is killed."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rendering.errors import SourceUnreadable


@contextmanager
def workspace(beside: Path) -> Iterator[Path]:
    """Yield an empty hidden folder on the file system of `beside`, so that results move out by renaming.

    A process that is killed outright leaves it there, inside the worker's own folder, which goes as a whole.
    """
    beside.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{beside.name[:32]}.", suffix=".part", dir=beside.parent
    ) as folder:
        yield Path(folder)


def lay_in(folder: Path, name: str, sha256: str, sources: Mapping[str, Path]) -> None:
    """Make a source visible in the folder under a plain name, which no filter or option can misread.

    Raises:
        SourceUnreadable: the source is not among those given, or its file is not there.
    """
    path = sources.get(sha256)
    if path is None:
        raise SourceUnreadable(sha256, "was not handed to the encoder; all of a segment's sources are needed")
    if not path.is_file():
        raise SourceUnreadable(sha256, "its file is not there")
    (folder / name).symlink_to(path.resolve())
