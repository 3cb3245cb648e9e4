"""What a render costs beside x264 alone, in one run on the same frames.

The timeline: scenes of three seconds at 1080x1920 and 30 fps, slow zooms, crossfades of half a second,
captions word by word, a voice, and music ducked under it. After each segment its own decoded frames are
encoded again by x264 with the same settings and nothing else; the sum of these is the limit, 1.00. CPU time
(user and system, of all processes) is the firm figure; wall times move with what else the machine does.

    python -m benchmarks.render --scenes 10 --preset medium
"""

import argparse
import asyncio
import hashlib
import json
import resource
import sys
import tempfile
import time
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import imageio_ffmpeg
import numpy as np
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rendering.encoding import VIDEO_GLOBAL_ARGUMENTS, video_options
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from rendering.plan import RenderPlan, Segment
from rendering.runner import run
from rendering.timeline import (
    CaptionPreset,
    CaptionStyle,
    Motion,
    MotionKind,
    Music,
    Profile,
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

PROFILES: Final = {"veryfast": Profile.DRAFT, "medium": Profile.STANDARD, "slow": Profile.HIGH}
RESULT: Final = Path(__file__).with_name("results") / "render.json"
SCENE_S: Final = 3.0
SPEECH: Final = "every scene has words that light up"


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU and of the clock."""

    cpu_s: float = 0.0
    wall_s: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s)


async def cost_of(work: Callable[[], Awaitable[object]]) -> Cost:
    """Do the work and return what it cost, in this process and in those that it started."""
    begun, cpu = time.perf_counter(), _cpu_s()
    await work()
    return Cost(_cpu_s() - cpu, time.perf_counter() - begun)


def _cpu_s() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def picture(folder: Path, number: int) -> tuple[str, Path]:
    """Paint soft hills under a sky, with some grain: neither flat nor noise."""
    random = np.random.default_rng(number)
    y, x = np.mgrid[0:1920, 0:1080]
    colours = random.uniform(40, 215, (4, 3))
    sky = y[..., None] / 1920
    pixels = colours[0] * (1 - sky) + colours[1] * sky
    for hill in range(5):
        swing, phase = random.uniform(40, 160), random.uniform(0, 6)
        ridge = 700 + hill * 220 + swing * np.sin(x / random.uniform(90, 300) + phase)
        shade = colours[2] * (hill / 5) + colours[3] * (1 - hill / 5)
        pixels = np.where((y > ridge)[..., None], shade, pixels)
    pixels += random.normal(0, 10, (1920, 1080, 1))
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    path = folder / f"picture{number}.png"
    image.save(path, compress_level=1)
    return hashlib.sha256(path.read_bytes()).hexdigest(), path


def tone(folder: Path, name: str, duration_s: float, hertz: float, swell_hertz: float) -> tuple[str, Path]:
    """Write a tone that swells as syllables or bars do."""
    second = np.arange(int(duration_s * 24_000)) / 24_000
    level = 0.3 * np.abs(np.sin(np.pi * swell_hertz * second))
    sound = level * (np.sin(2 * np.pi * hertz * second) + 0.5 * np.sin(4 * np.pi * hertz * second))
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes((sound * 32_000).astype("<i2").tobytes())
    return hashlib.sha256(path.read_bytes()).hexdigest(), path


def benchmark_timeline(folder: Path, scenes: int, profile: Profile) -> tuple[Timeline, dict[str, Path]]:
    """Make the sources and the timeline of a benchmark."""
    files: dict[str, Path] = {}
    shots = []
    words = SPEECH.split()
    step = 2.6 / len(words)
    for number in range(scenes):
        image, path = picture(folder, number)
        speech, speech_path = tone(folder, f"voice{number}", 2.6, 140 + 8 * number, 3.1)
        files |= {image: path, speech: speech_path}
        shots.append(
            Shot(
                id=str(number),
                source=Source(sha256=image, kind=SourceKind.IMAGE, extension="png", width=1080, height=1920),
                duration_s=SCENE_S,
                motion=Motion(kind=MotionKind.ZOOM_IN, focus_x=number % 3 / 2, focus_y=number % 2),
                transition=Transition(kind=TransitionKind.CROSSFADE, duration_s=0.5),
                voice=Voice(
                    sha256=speech,
                    extension="wav",
                    duration_s=2.6,
                    lead_in_s=0.2,
                    words=tuple(
                        Word(text=word, start_s=place * step, end_s=(place + 1) * step)
                        for place, word in enumerate(words)
                    ),
                ),
            )
        )
    music, music_path = tone(folder, "music", 8.0, 98, 0.5)
    files[music] = music_path
    timeline = Timeline(
        format=VideoFormat.named("9:16", "1080p"),
        profile=profile,
        shots=tuple(shots),
        captions=CaptionStyle(preset=CaptionPreset.KARAOKE),
        music=Music(sha256=music, extension="wav", duration_s=8.0),
    )
    return timeline, files


async def limit_of(engine: RenderEngine, timeline: Timeline, segment: Segment, encoded: Path) -> Cost:
    """Encode a segment's decoded frames with x264 and nothing else."""
    folder = encoded.parent
    raw = folder / "frames.yuv"
    size = f"{timeline.format.width}x{timeline.format.height}"
    await run(
        engine.ffmpeg,
        ("-i", str(encoded), "-f", "rawvideo", "-pix_fmt", "yuv420p", raw.name),
        cwd=folder,
        timeout_s=600,
    )
    options = video_options(timeline.profile, timeline.format, video_frames=segment.video_frames)
    arguments = (
        *VIDEO_GLOBAL_ARGUMENTS,
        *(
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            size,
            "-r",
            str(timeline.format.fps),
            "-i",
            raw.name,
        ),
        *(part for name, value in options.items() for part in (f"-{name}", value)),
        "limit.mp4",
    )
    cost = await cost_of(lambda: run(engine.ffmpeg, arguments, cwd=folder, timeout_s=3600))
    raw.unlink()
    return cost


async def measure(scenes: int, preset: str, folder: Path) -> dict[str, object]:
    """Render the timeline and its limit, and return all figures."""
    timeline, files = benchmark_timeline(folder, scenes, PROFILES[preset])
    engine = RenderEngine.start(
        Path(imageio_ffmpeg.get_ffmpeg_exe()), FontShelf(folder / "fonts", fetch=None)
    )
    plans: list[RenderPlan] = []

    async def make_plan() -> None:
        plans.append(await engine.plan(timeline))

    planning = await cost_of(make_plan)
    plan = plans[0]
    limit = encoding = Cost()
    costs: dict[str, Cost] = {}
    encoded: dict[str, Path] = {}
    for segment in plan.segments:
        out = folder / f"{segment.key}.mp4"
        costs[segment.key] = await cost_of(partial(engine.encode, segment, files, out))
        encoded[segment.key] = out
        encoding += costs[segment.key]
        limit += await limit_of(engine, timeline, segment, out)
        print(
            f"{segment.first_video_frame + segment.video_frames}/{plan.total_video_frames}", file=sys.stderr
        )
    results = []

    async def join() -> None:
        results.append(await engine.join(plan, encoded, files, folder / "out"))

    joining = await cost_of(join)
    inspecting = await cost_of(lambda: engine.inspect(plan, results[0]))
    inspection = await engine.inspect(plan, results[0])
    middle = timeline.shots[scenes // 2]
    changed = timeline.model_copy(
        update={
            "shots": tuple(
                shot if shot is not middle else shot.model_copy(update={"source": timeline.shots[0].source})
                for shot in timeline.shots
            )
        }
    )
    anew = [segment for segment in (await engine.plan(changed)).segments if segment.key not in costs]
    places = {segment.first_video_frame: segment.key for segment in plan.segments}
    one_changed = sum((costs[places[segment.first_video_frame]] for segment in anew), planning + joining)
    return {
        "cpu_ratio": {
            "cold": round((planning + encoding + joining).cpu_s / limit.cpu_s, 3),
            "cold_with_inspection": round(
                (planning + encoding + joining + inspecting).cpu_s / limit.cpu_s, 3
            ),
            "one_scene_changed": round(one_changed.cpu_s / limit.cpu_s, 3),
            "all_cached": round((planning + joining).cpu_s / limit.cpu_s, 3),
        },
        "wall_ratio_one_at_a_time": {
            "cold": round((planning + encoding + joining).wall_s / limit.wall_s, 3),
            "cold_with_inspection": round(
                (planning + encoding + joining + inspecting).wall_s / limit.wall_s, 3
            ),
        },
        "cpu_s": {
            "limit": round(limit.cpu_s, 2),
            "planning": round(planning.cpu_s, 2),
            "encoding": round(encoding.cpu_s, 2),
            "joining": round(joining.cpu_s, 2),
            "inspecting": round(inspecting.cpu_s, 2),
        },
        "timeline": {
            "scenes": scenes,
            "duration_s": plan.duration_s,
            "video_frames": plan.total_video_frames,
            "size": "1080x1920",
            "preset": preset,
            "segments": len(plan.segments),
            "segments_of_one_changed_scene": len(anew),
        },
        "result": {
            "size_bytes": results[0].size_bytes,
            "integrated_lufs": inspection.loudness.integrated_lufs,
            "true_peak_dbtp": inspection.loudness.true_peak_dbtp,
            "findings": [finding.message for finding in inspection.findings],
        },
    }


def main() -> None:
    """Measure, print the ratios first, and keep all figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenes", type=int, default=10, help="scenes of three seconds (10)")
    parser.add_argument("--preset", choices=sorted(PROFILES), default="medium", help="x264's preset (medium)")
    parser.add_argument("--out", type=Path, default=RESULT, help="where the JSON goes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="render-benchmark-") as folder:
        figures = asyncio.run(measure(chosen.scenes, chosen.preset, Path(folder)))
    text = json.dumps(figures, indent=2)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
