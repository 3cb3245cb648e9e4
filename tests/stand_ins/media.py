"""Real media for stand-ins to answer with, made once a run by the project's own FFmpeg."""

import io
import math
import struct
import subprocess
import wave
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import imageio_ffmpeg
from PIL import Image


def encoded(*arguments: str, given: bytes = b"", suffix: str) -> bytes:
    """What FFmpeg makes: `arguments` without the output, which ends in `suffix`."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"out{suffix}"
        subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *arguments, str(out)],
            input=given,
            check=True,
            capture_output=True,
        )
        return out.read_bytes()


@cache
def moving_mp4(duration_s: int, width: int, height: int, *, sounds_hz: int | None = None) -> bytes:
    """A clip in which something moves; with a tone, if one is given."""
    source = f"testsrc2=size={width}x{height}:rate=12:duration={duration_s}"
    tone = f"sine=frequency={sounds_hz}:sample_rate=44100:duration={duration_s}"
    sound = () if sounds_hz is None else ("-f", "lavfi", "-i", tone, "-c:a", "aac")
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
    return encoded("-f", "lavfi", "-i", source, *sound, *coded, suffix=".mp4")


@cache
def tone_mp3(duration_s: float, frequency_hz: int = 440) -> bytes:
    """A plain tone."""
    source = f"sine=frequency={frequency_hz}:sample_rate=44100:duration={duration_s}"
    return encoded("-f", "lavfi", "-i", source, "-b:a", "128k", suffix=".mp3")


@cache
def wav(seconds: float, rate_hz: int = 24_000) -> bytes:
    """A quiet hum as 16-bit mono."""
    count = round(seconds * rate_hz)
    period = [round(6_000 * math.sin(2 * math.pi * step / 100)) for step in range(100)]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(struct.pack(f"<{count}h", *(period[step % 100] for step in range(count))))
    return out.getvalue()


def mask(width: int, height: int) -> bytes:
    """A PNG that is opaque on the left and transparent on the right."""
    out = io.BytesIO()
    image = Image.new("RGBA", (width, height), (9, 9, 9, 255))
    image.paste((0, 0, 0, 0), (width // 2, 0, width, height))
    image.save(out, "PNG")
    return out.getvalue()


def mp3_of(wave_file: bytes) -> bytes:
    """A WAV file as an MP3."""
    arguments = ("-f", "wav", "-i", "pipe:0", "-ar", "44100", "-b:a", "128k")
    return encoded(*arguments, given=wave_file, suffix=".mp3")


@cache
def still(width: int, height: int, seed: int, kind: str) -> bytes:
    """A picture whose colour comes from a seed; `kind` as Pillow calls it, such as PNG."""
    colour = (seed % 256, seed // 256 % 256, 128)
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").point(
        [min(255, value * level // 128 + 8) for level in colour for value in range(256)]
    ).save(out, kind)
    return out.getvalue()
