"""What a media file holds, read with FFmpeg alone: there is no ffprobe beside it."""

import re
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from rendering.errors import EncoderFailed, SourceUnreadable
from rendering.runner import run

_VIDEO = re.compile(
    r"Stream #0:\d+\S*: Video: (?P<codec>\w+)(?: \((?P<profile>[^)]*)\))?.*?, "
    r"(?P<pixels>[a-z]\w+)(?:\([^)]*\))?, (?P<width>\d+)x(?P<height>\d+)\b"
)
_AUDIO = re.compile(r"Stream #0:\d+\S*: Audio: (?P<codec>\w+).*?, (?P<rate>\d+) Hz, (?P<channels>[^,]+)")
_FPS = re.compile(r", ([\d.]+k?) fps\b")
_SAID = re.compile(r"^(?:\[info\])?\s*Duration: (\d+):(\d\d):(\d\d\.\d+), (?:start|bitrate)", re.MULTILINE)
_TURNED = re.compile(r"rotation of (-?[\d.]+) degrees")
_TIME_BASE = re.compile(r"#tb (\d+): (\d+)/(\d+)")
_PACKETS: Final = "packets.txt"
_QUARTER_TURN: Final = 90


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A video stream. Sizes are as displayed; `times` are the frames' times in seconds, rising."""

    codec: str
    profile: str
    pixel_format: str
    width: int
    height: int
    fps: Fraction | None
    times: tuple[Fraction, ...]
    duration_s: float


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """An audio stream and how long it sounds once decoded."""

    codec: str
    sample_rate: int
    channels: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """The first video and the first audio stream of a file; `said_s` is its length by its own account."""

    video: VideoFacts | None
    audio: AudioFacts | None
    said_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Stream:
    """Packets of one stream: presentation times and lengths in its time base."""

    time_base: Fraction
    packets: tuple[tuple[int, int], ...]

    @property
    def times(self) -> tuple[Fraction, ...]:
        return tuple(sorted(pts * self.time_base for pts, _ in self.packets))

    @property
    def end_s(self) -> float:
        return float(max((pts + length for pts, length in self.packets), default=0) * self.time_base)


async def probe(
    path: Path,
    *,
    ffmpeg: Path,
    demuxer: str | None,
    timeout_s: float = 120,
    longest_s: float | None = None,
    memory_bytes: int | None = None,
) -> MediaFacts:
    """Read a file's streams; the sound is decoded, pictures are only counted.

    Args:
        path: the file.
        ffmpeg: the program.
        demuxer: the only one that may open the file; None tries all, for files of our own making.
        timeout_s: after which FFmpeg is killed.
        longest_s: no more of it than this is read; None for all.
        memory_bytes: address space that FFmpeg may take; None for a file that is trusted.

    Raises:
        SourceUnreadable: it is not media, or broken.
        EncoderTimedOut: it takes too long to read.
    """
    with tempfile.TemporaryDirectory(prefix="probe-") as name:
        folder = Path(name)
        try:
            ran = await run(
                ffmpeg,
                _arguments(path, demuxer, longest_s),
                cwd=folder,
                timeout_s=timeout_s,
                memory_bytes=memory_bytes,
            )
        except EncoderFailed as failed:
            if failed.return_code is None:
                raise
            raise SourceUnreadable(
                path.name, f"it cannot be decoded: {failed.stderr_tail[-300:]}"
            ) from failed
        streams = _streams((folder / _PACKETS).read_text(encoding="ascii"))
    return _facts(ran.log.split("Output #0")[0], streams)


def _arguments(path: Path, demuxer: str | None, longest_s: float | None) -> list[str]:
    return [
        *([] if demuxer is None else ["-f", demuxer]),
        *("-protocol_whitelist", "file,pipe", "-i", str(path.absolute())),
        *([] if longest_s is None else ["-t", f"{longest_s:.3f}"]),
        *("-map", "0:V:0?", "-map", "0:a:0?", "-c:v", "copy", "-f", "framecrc", _PACKETS),
    ]


def _streams(packets: str) -> list[_Stream]:
    time_bases: dict[int, Fraction] = {}
    found: dict[int, list[tuple[int, int]]] = {}
    for line in packets.splitlines():
        if match := _TIME_BASE.match(line):
            number, above, below = map(int, match.groups())
            time_bases[number] = Fraction(above, below)
        elif line and not line.startswith("#"):
            number, _dts, pts, length = (int(part) for part in line.split(",")[:4])
            found.setdefault(number, []).append((pts, length))
    return [_Stream(base, tuple(found.get(number, ()))) for number, base in sorted(time_bases.items())]


def _facts(log: str, streams: list[_Stream]) -> MediaFacts:
    video_match, audio_match = _VIDEO.search(log), _AUDIO.search(log)
    # Streams were mapped video first.
    rest = list(streams)
    video = _video(video_match, log, rest.pop(0)) if video_match and rest else None
    audio = _audio(audio_match, rest.pop(0)) if audio_match and rest else None
    said = _SAID.search(log)
    said_s = None if said is None else int(said[1]) * 3_600 + int(said[2]) * 60 + float(said[3])
    return MediaFacts(video=video, audio=audio, said_s=said_s)


def _video(match: re.Match[str], log: str, stream: _Stream) -> VideoFacts:
    line = log[match.start() :].splitlines()[0]
    rate = _FPS.search(line)
    width, height = int(match["width"]), int(match["height"])
    turned = _TURNED.search(log)
    if turned and round(float(turned[1])) % (2 * _QUARTER_TURN) == _QUARTER_TURN:
        width, height = height, width
    return VideoFacts(
        codec=match["codec"],
        profile=match["profile"] or "",
        pixel_format=match["pixels"],
        width=width,
        height=height,
        fps=Fraction(rate[1].replace("k", "e3")) if rate else None,
        times=stream.times,
        duration_s=stream.end_s,
    )


def _audio(match: re.Match[str], stream: _Stream) -> AudioFacts:
    return AudioFacts(
        codec=match["codec"],
        sample_rate=int(match["rate"]),
        channels=match["channels"].strip(),
        duration_s=stream.end_s,
    )
