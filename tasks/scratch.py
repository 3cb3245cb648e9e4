"""A worker's folder for files on their way, and those that killed workers left behind."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

_PREFIX = "scratch-"


@contextmanager
def scratch_folder(cache_dir: Path) -> Iterator[Path]:
    """A new folder, gone afterwards; those whose workers have died go now.

    A worker holds a lock beside its folder: the kernel lets go of it however the worker ends.
    """
    _remove_abandoned(cache_dir)
    folder = cache_dir / f"{_PREFIX}{uuid4().hex}"
    lock = folder.with_suffix(".lock")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def _remove_abandoned(cache_dir: Path) -> None:
    for lock in cache_dir.glob(f"{_PREFIX}*.lock"):
        try:
            with lock.open("a") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
        except BlockingIOError:  # its worker lives
            continue
