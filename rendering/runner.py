"""The one place that runs FFmpeg: progress, time limit, cancellation, and errors that say what happened."""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from rendering.errors import EncoderFailed, EncoderTimedOut, FontNotFound

Progress = Callable[[int], None]
"""Called with the number of video frames that are done so far."""

_STDERR_KEPT_BYTES: Final = 64 * 1024
_NO_FONT: Final = "failed to find any fallback"
_ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "LC_ALL": "C",
    "FONTCONFIG_FILE": str(Path(__file__).with_name("no_fonts.conf").resolve()),
}
_GLOBAL: Final = (
    *("-hide_banner", "-nostdin", "-nostats", "-y"),
    *("-v", "repeat+level+info", "-progress", "pipe:1", "-stats_period", "0.25"),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What FFmpeg reported: the video frames it wrote, and the end of its log."""

    video_frames: int
    log: str


def ignore_progress(_video_frames: int) -> None:
    """Stand where nobody watches."""


async def run(
    ffmpeg: Path,
    arguments: Sequence[str],
    *,
    cwd: Path,
    timeout_s: float,
    on_progress: Progress = ignore_progress,
    memory_bytes: int | None = None,
) -> Ran:
    """Run FFmpeg to its end, in its own process group, without a shell and without input.

    Whatever ends the wait, cancellation included, the whole group is killed at once and reaped: a process
    that is asked politely would leave a short file that looks whole. `memory_bytes` bounds its address space,
    for files that nobody has looked into yet.

    Raises:
        EncoderFailed: it ended with an error.
        EncoderTimedOut: it took longer than `timeout_s`.
        FontNotFound: it succeeded, but a text found no font.
    """
    log = bytearray()
    watch = _Watch(on_progress)
    async with _pipe() as (progress, progress_end), _pipe() as (messages, messages_end):
        process = _start(ffmpeg, arguments, cwd, progress_end, messages_end)
        if memory_bytes is not None:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        # The ends that FFmpeg holds are now the only ones: reading stops when it ends.
        progress_end.close()
        messages_end.close()
        try:
            async with asyncio.timeout(timeout_s):
                async with asyncio.TaskGroup() as group:
                    group.create_task(_follow(progress, watch.take))
                    group.create_task(_follow(messages, lambda line: _keep(log, line)))
                await asyncio.to_thread(process.wait)
        except BaseException as stopped:
            if process.poll() is None:  # else its number may be another's by now
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            if isinstance(stopped, TimeoutError):
                raise EncoderTimedOut(timeout_s, _text(log)) from None
            raise
    text = _text(log)
    if process.returncode != 0:
        raise EncoderFailed(process.returncode, _complaints(text))
    if _NO_FONT in text:
        raise FontNotFound("\n".join(line for line in text.splitlines() if _NO_FONT in line))
    return Ran(video_frames=watch.video_frames, log=text)


def _start(
    ffmpeg: Path, arguments: Sequence[str], cwd: Path, progress: IO[bytes], messages: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start FFmpeg at once, from the thread of the event loop.

    Not by asyncio, which starts processes in steps: an event loop that closes between two of them, as
    asyncio.run() does after an error, waits without end for a process that has long been killed.
    """
    return subprocess.Popen(  # noqa: S603 - our own program, no shell, and names that are plain
        [ffmpeg, *_GLOBAL, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=progress,
        stderr=messages,
        start_new_session=True,
        env=_ENVIRONMENT,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - it calls one system call and takes no lock
    )


_LIBC: Final = ctypes.CDLL(None)
_PR_SET_PDEATHSIG: Final = 1  # <linux/prctl.h>


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when the thread that started it ends, even by SIGKILL.

    The thread is the one of the event loop, which lives as long as its process.
    """
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _Watch:
    """Reads FFmpeg's `key=value` progress lines."""

    def __init__(self, on_progress: Progress) -> None:
        self.video_frames = 0
        self._on_progress = on_progress

    def take(self, line: bytes) -> None:
        name, _, value = line.decode(errors="replace").strip().partition("=")
        if name == "frame" and value.isdigit() and int(value) > self.video_frames:
            self.video_frames = int(value)
            self._on_progress(self.video_frames)


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[asyncio.StreamReader, IO[bytes]]]:
    """Yield a pipe's two ends, the second to be handed to a process; both are closed afterwards."""
    read, write = os.pipe()
    with os.fdopen(write, "wb", buffering=0) as end:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read, "rb", buffering=0)
        )
        try:
            yield reader, end
        finally:
            transport.close()


async def _follow(stream: asyncio.StreamReader, take: Callable[[bytes], None]) -> None:
    rest = b""
    # Chunks, not readline(): a line longer than the reader's limit would raise.
    while chunk := await stream.read(16 * 1024):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            take(line)
        rest = rest[-_STDERR_KEPT_BYTES:]
    if rest:
        take(rest)


def _keep(log: bytearray, line: bytes) -> None:
    log += line + b"\n"
    del log[:-_STDERR_KEPT_BYTES]


def _text(log: bytearray) -> str:
    return log.decode(errors="replace").strip()


def _complaints(log: str) -> str:
    """Return the lines that report trouble, or the whole log when none does."""
    marks = ("[error]", "[fatal]", "[panic]")
    return "\n".join(line for line in log.splitlines() if any(mark in line for mark in marks)) or log
