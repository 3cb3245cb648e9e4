"""A folder for one run of FFmpeg, beside its result, gone afterwards unless the process is killed."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rendering.errors import SourceUnreadable

_SUFFIX: Final = ".part"


@contextmanager
def workspace(beside: Path) -> Iterator[Path]:
    """Yield an empty hidden folder on the file system of `beside`, so that results move out by renaming.

    A process that is killed outright leaves it there: see `sweep`.
    """
    beside.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{beside.name[:32]}.", suffix=_SUFFIX, dir=beside.parent
    ) as folder:
        yield Path(folder)


def sweep(folder: Path, older_than_s: float) -> int:
    """Remove the workspaces that killed processes left in a folder, and return how many went.

    Those in which anything was written during the last `older_than_s` seconds stay, since FFmpeg may still
    be at work there; it writes at least every few seconds, so an hour is far more than enough. Sources that
    are only linked into a workspace are not touched. Blocks while it removes.
    """
    latest = time.time() - older_than_s
    left = [one for one in folder.glob(f".*{_SUFFIX}") if one.is_dir() and not one.is_symlink()]
    swept = 0
    for one in left:
        try:
            touched = max(path.lstat().st_mtime for path in (one, *one.rglob("*")))
        except FileNotFoundError:  # its own process has just ended and removes it
            continue
        if touched < latest:
            shutil.rmtree(one, ignore_errors=True)
            swept += 1
    return swept


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
