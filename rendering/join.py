"""Joining encoded segments: video streams copied, sound mixed once, poster and captions beside it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import ffmpeg as arguments

from rendering.arguments import argument_list
from rendering.audio import AUDIO_GLOBAL_ARGUMENTS, mix, total_samples
from rendering.burned_text import spoken_words
from rendering.encoding import TIME_BASE_PER_FRAME
from rendering.errors import EncoderFailed, SourceUnreadable
from rendering.frame_grid import SAMPLE_RATE
from rendering.loudness import gain_for, limited, measured, read_loudness
from rendering.plan import RenderPlan
from rendering.poster import make_poster
from rendering.runner import Progress, ignore_progress, run
from rendering.segment_list import segment_list
from rendering.subtitles import srt, subtitle_lines, web_vtt
from rendering.workspace import lay_in, workspace

_MIX: Final = "mix.wav"
_LIST: Final = "segments.txt"
_VIDEO: Final = "video.mp4"
_START_S: Final = 120
_PER_FRAME_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Finished:
    """The files of a finished render and what was set to make them.

    `gain_db` is what the mix was raised by, None where nothing sounds.
    """

    video: Path
    poster: Path
    vtt: Path
    srt: Path
    video_frames: int
    duration_s: float
    size_bytes: int
    gain_db: float | None


async def join(
    plan: RenderPlan,
    segment_files: Mapping[str, Path],
    sources: Mapping[str, Path],
    out_dir: Path,
    *,
    ffmpeg: Path,
    on_progress: Progress = ignore_progress,
    timeout_s: float | None = None,
) -> Finished:
    """Write `video.mp4`, `poster.jpg`, `captions.vtt` and `captions.srt` into a folder.

    Args:
        plan: what the segments were encoded for.
        segment_files: encoded segments by key; all of the plan's.
        sources: files by hash; those of `plan.audio_sources` are read.
        out_dir: made if it is not there; each file appears whole or not at all, the video last.
        ffmpeg: the program.
        on_progress: called with video frames joined.
        timeout_s: for each of the few runs of FFmpeg; by default long enough for a slow, shared machine.

    Raises:
        SourceUnreadable: a segment or a sound is missing.
        EncoderFailed: FFmpeg failed, timed out, or joined another number of video frames than planned.
    """
    limit_s = _START_S + _PER_FRAME_S * plan.total_video_frames if timeout_s is None else timeout_s
    video = out_dir / _VIDEO
    with workspace(video) as folder:
        _list_segments(plan, segment_files, folder)
        gain_db = await _mix_sound(plan, sources, folder, ffmpeg, limit_s)
        joined = await run(
            ffmpeg,
            _join_arguments(plan, gain_db),
            cwd=folder,
            timeout_s=limit_s,
            on_progress=on_progress,
        )
        if joined.video_frames != plan.total_video_frames:
            raise EncoderFailed(
                0, f"joined {joined.video_frames} of {plan.total_video_frames} video frames\n{joined.log}"
            )
        await make_poster(plan, folder / _VIDEO, folder / "poster.jpg", ffmpeg=ffmpeg, timeout_s=limit_s)
        await asyncio.to_thread(_write_subtitles, plan, folder)
        for name in ("poster.jpg", "captions.vtt", "captions.srt", _VIDEO):
            (folder / name).replace(out_dir / name)
    return Finished(
        video=video,
        poster=out_dir / "poster.jpg",
        vtt=out_dir / "captions.vtt",
        srt=out_dir / "captions.srt",
        video_frames=plan.total_video_frames,
        duration_s=plan.duration_s,
        size_bytes=video.stat().st_size,
        gain_db=gain_db,
    )


def _write_subtitles(plan: RenderPlan, folder: Path) -> None:
    lines = [
        replace(line, end_s=min(line.end_s, plan.duration_s))
        for line in subtitle_lines(spoken_words(plan.timeline, plan.slots), plan.timeline.language)
    ]
    (folder / "captions.vtt").write_text(web_vtt(lines), encoding="utf-8")
    (folder / "captions.srt").write_text(srt(lines), encoding="utf-8")


def _list_segments(plan: RenderPlan, segment_files: Mapping[str, Path], folder: Path) -> None:
    names = []
    for number, segment in enumerate(plan.segments):
        path = segment_files.get(segment.key)
        if path is None or not path.is_file():
            raise SourceUnreadable(segment.key, "this segment is not encoded yet; encode it before joining")
        name = f"segment{number:05}.mp4"
        (folder / name).symlink_to(path.resolve())
        names.append(name)
    script = segment_list(
        names, [segment.video_frames for segment in plan.segments], fps=plan.timeline.format.fps
    )
    (folder / _LIST).write_text(script, encoding="ascii")


async def _mix_sound(
    plan: RenderPlan, sources: Mapping[str, Path], folder: Path, ffmpeg: Path, limit_s: float
) -> float | None:
    """Write the mix as a WAV file of 32-bit floats, and return the gain that it needs."""
    sound, inputs = mix(plan.timeline, plan.slots)
    for one in inputs:
        lay_in(folder, one.name, one.sha256, sources)
    output = arguments.output(
        measured(sound),
        filename=_MIX,
        extra_options={"c:a": "pcm_f32le", "rf64": "auto", "fflags": "+bitexact", "map_metadata": "-1"},
    )
    ran = await run(ffmpeg, argument_list(output, *AUDIO_GLOBAL_ARGUMENTS), cwd=folder, timeout_s=limit_s)
    return await gain_for(folder / _MIX, read_loudness(ran.log), binary=ffmpeg, timeout_s=limit_s)


def _join_arguments(plan: RenderPlan, gain_db: float | None) -> tuple[str, ...]:
    total = total_samples(plan.slots, plan.timeline.format.fps)
    video = arguments.input(_LIST, f="concat", extra_options={"protocol_whitelist": "file,pipe"}).video
    sound = arguments.input(_MIX, f="wav").audio
    if gain_db is not None:
        sound = limited(sound, gain_db)
    sound = sound.apad(whole_len=total).atrim(end_sample=total)
    output = arguments.output(
        video,
        sound,
        filename=_VIDEO,
        extra_options={
            "c:v": "copy",
            "c:a": "aac",
            "b:a": "160k",
            "ar": str(SAMPLE_RATE),
            "ac": "2",
            "video_track_timescale": str(plan.timeline.format.fps * TIME_BASE_PER_FRAME),
            "movflags": "+faststart",
            "fflags": "+bitexact",
            "flags:a": "+bitexact",
            "map_metadata": "-1",
        },
    )
    return argument_list(output, *AUDIO_GLOBAL_ARGUMENTS)
