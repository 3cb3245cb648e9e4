"""Pictures and sounds made for tests, small, without noise, named by their hash."""

import hashlib
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from rendering.runner import run
from rendering.timeline import (
    Motion,
    Music,
    Shot,
    Source,
    SourceKind,
    Timeline,
    Transition,
    TransitionKind,
    VideoFormat,
    Voice,
    Word,
)

SMALL = VideoFormat(width=270, height=480)


class Library:
    """Sources made for a test, by hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}

    def keep(self, path: Path) -> str:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.files[sha256] = path
        return sha256

    def picture(self, seed: int = 0, size: tuple[int, int] = (288, 512), extension: str = "png") -> Source:
        """Make soft coloured blobs: something that moves visibly, without noise."""
        path = self.folder / f"picture-{seed}-{size[0]}x{size[1]}.{extension}"
        width, height = size
        y, x = np.mgrid[0:height, 0:width]
        phase = np.array([0.0, 2.1, 4.2]) + seed
        waves = [np.sin(x / 23 + phase[k]) * np.cos(y / 31 + phase[k] * 2) for k in range(3)]
        pixels = np.stack([(127 + 100 * one) for one in waves], axis=2).astype(np.uint8)
        Image.fromarray(pixels).save(path)
        return Source(
            sha256=self.keep(path), kind=SourceKind.IMAGE, extension=extension, width=width, height=height
        )

    def tone(self, duration_s: float, *, hertz: float = 220, volume: float = 0.3, rate: int = 24_000) -> str:
        path = self.folder / f"tone-{duration_s}-{hertz}-{volume}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            # Syllables: a tone that swells three times a second, as speech does.
            second = np.arange(int(duration_s * rate)) / rate
            level = volume * np.abs(np.sin(np.pi * 3 * second))
            pressure = 32_000 * level * np.sin(2 * np.pi * hertz * second)
            file.writeframes(pressure.astype("<i2").tobytes())
        return self.keep(path)

    def voice(self, text: str, duration_s: float, *, lead_in_s: float = 0.1, hertz: float = 220) -> Voice:
        words = text.split()
        step = duration_s / len(words)
        return Voice(
            sha256=self.tone(duration_s, hertz=hertz),
            extension="wav",
            duration_s=duration_s,
            lead_in_s=lead_in_s,
            words=tuple(
                Word(text=word, start_s=index * step, end_s=(index + 1) * step)
                for index, word in enumerate(words)
            ),
        )

    def music(self, duration_s: float = 1.0) -> Music:
        return Music(
            sha256=self.tone(duration_s, hertz=97, volume=0.2), extension="wav", duration_s=duration_s
        )

    def shot(self, name: str, duration_s: float = 1.0, **overrides: object) -> Shot:
        fields: dict[str, object] = {
            "id": name,
            "source": overrides.get("source") or self.picture(sum(name.encode())),
            "duration_s": duration_s,
            "motion": Motion(),
            "transition": Transition(kind=TransitionKind.CROSSFADE, duration_s=0.3),
            **overrides,
        }
        return Shot.model_validate(fields)

    def timeline(self, *shots: Shot, **overrides: object) -> Timeline:
        return Timeline.model_validate({"format": SMALL, "profile": "preview", "shots": shots, **overrides})


async def make_clip(library: Library, duration_s: float, *, fps: int, ffmpeg: Path) -> Source:
    """Make a clip each of whose pictures is one grey, brighter by 15 from picture to picture, from 20 on."""
    path = library.folder / f"clip-{duration_s}-{fps}.mp4"
    arguments = [
        *("-f", "lavfi", "-i", f"color=black:s=96x160:r={fps}:d={duration_s}"),
        *("-vf", "format=gray,geq=lum='20+15*N',format=yuv420p", "-c:v", "libx264", "-crf", "8"),
        str(path.resolve()),
    ]
    await run(ffmpeg, arguments, cwd=library.folder, timeout_s=60)
    return Source(
        sha256=library.keep(path),
        kind=SourceKind.CLIP,
        extension="mp4",
        width=96,
        height=160,
        duration_s=duration_s,
    )
