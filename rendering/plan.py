"""A timeline cut into segments that can be encoded anywhere, each named by all that goes into it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import ffmpeg
from ffmpeg import VideoStream
from ffmpeg.filters import xfade

from rendering.arguments import argument_list
from rendering.burned_text import BurnedTexts, lay_out
from rendering.clip_sound import has_own_sound
from rendering.encoding import VIDEO_GLOBAL_ARGUMENTS, video_options
from rendering.errors import SourceUnreadable
from rendering.fonts import Face, FontShelf
from rendering.frame_grid import Slot, exact, slots
from rendering.overlays import laid_over, placed_overlays
from rendering.picture import picture, tagged
from rendering.timeline import Shot, Timeline, TransitionKind
from rendering.transitions import XFADE_NAMES

ENGINE_VERSION: Final = 1
"""Part of every segment's key: raised when the same arguments come to mean other bytes."""

SEGMENT_FILE: Final = "segment.mp4"
CAPTION_FILE: Final = "captions.ass"
FONT_FOLDER: Final = "fonts"


class SegmentKind(StrEnum):
    """A shot by itself, or two shots under their transition."""

    BODY = "body"
    TRANSITION = "transition"


@dataclass(frozen=True, slots=True)
class Input:
    """A source under the plain name by which the arguments open it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the video that is encoded by itself.

    `key` is the SHA-256 of all that decides its bytes, and of nothing else: two segments of one key are the
    same file, wherever they stand. `arguments` run in a folder that holds the inputs, the caption document
    and the fonts under their plain names.
    """

    key: str
    kind: SegmentKind
    shot_ids: tuple[str, ...]
    first_video_frame: int
    video_frames: int
    inputs: tuple[Input, ...]
    arguments: tuple[str, ...]
    captions: str | None
    faces: tuple[Face, ...]

    @property
    def sources(self) -> frozenset[str]:
        """The hashes of the sources that encoding it needs."""
        return frozenset(one.sha256 for one in self.inputs)


@dataclass(frozen=True, slots=True)
class RenderPlan:
    """All that is to be encoded and joined for a timeline, in order."""

    timeline: Timeline
    slots: tuple[Slot, ...]
    segments: tuple[Segment, ...]

    @property
    def total_video_frames(self) -> int:
        """The finished video's length."""
        return self.slots[-1].first + self.slots[-1].frames

    @property
    def duration_s(self) -> float:
        """The finished video's length in seconds."""
        return self.total_video_frames / self.timeline.format.fps

    @property
    def audio_sources(self) -> frozenset[str]:
        """The hashes of all that is heard, which joining needs: voices, sound effects, clips, the music."""
        voices = {shot.voice.sha256 for shot in self.timeline.shots if shot.voice is not None}
        effects = {sound.sha256 for shot in self.timeline.shots for sound in shot.sounds}
        clips = {shot.source.sha256 for shot in self.timeline.shots if has_own_sound(shot)}
        music = {self.timeline.music.sha256} if self.timeline.music is not None else set()
        return frozenset(voices | effects | clips | music)


def plan(
    timeline: Timeline, *, fonts: FontShelf, encoder: str, sources: Mapping[str, Path] | None = None
) -> RenderPlan:
    """Cut a timeline into segments: a body for each shot, a transition between each two that overlap.

    May block while a font is fetched: call it outside of the event loop.

    Args:
        timeline: what to show.
        fonts: where the faces of its texts come from.
        encoder: what tells this build of FFmpeg from others, part of every key.
        sources: files by hash; the timeline's own font is read, if it has one.

    Raises:
        SourceUnreadable: the timeline's own font is missing or cannot be used.
        ValueError: a shot is shorter than a video frame, or a source's extension is of no known kind.
        MissingGlyphs: no font draws some of the text.
        FontUnavailable: a font is needed that could not be fetched.
    """
    shots = timeline.shots
    placed = slots(
        [exact(shot.duration_s) for shot in shots],
        [exact(_overlap_s(shot)) for shot in shots],
        fps=timeline.format.fps,
    )
    texts = lay_out(timeline, placed, fonts, brand=_brand_face(timeline, fonts, sources or {}))
    planner = _Planner(timeline, placed, texts, encoder)
    segments: list[Segment] = []
    for position, slot in enumerate(placed):
        segments.append(planner.body(position))
        if slot.overlap_out:
            segments.append(planner.transition(position))
    return RenderPlan(timeline, placed, tuple(segments))


def _brand_face(timeline: Timeline, fonts: FontShelf, sources: Mapping[str, Path]) -> Face | None:
    if timeline.font is None:
        return None
    sha256 = timeline.font.sha256
    if sha256 not in sources:
        raise SourceUnreadable(sha256, "the font is missing")
    return fonts.brand_face(sources[sha256], sha256)


def _overlap_s(shot: Shot) -> float:
    return 0.0 if shot.transition.kind is TransitionKind.CUT else shot.transition.duration_s


@dataclass(frozen=True, slots=True)
class _Planner:
    timeline: Timeline
    slots: tuple[Slot, ...]
    texts: BurnedTexts
    encoder: str

    def body(self, position: int) -> Segment:
        slot = self.slots[position]
        stream = self._picture(position, 0, first=slot.overlap_in, video_frames=slot.body_frames)
        return self._segment(
            SegmentKind.BODY, [position], stream, first=slot.first, video_frames=slot.body_frames
        )

    def transition(self, position: int) -> Segment:
        slot = self.slots[position]
        frames = slot.overlap_out
        leaving = self._picture(position, 0, first=slot.seen_frames - frames, video_frames=frames)
        coming = self._picture(position + 1, 1, first=0, video_frames=frames)
        # Begun a frame early, so that every frame shows both pictures; at progress 0 a slide reads a column
        # or row from outside of the picture.
        fps = self.timeline.format.fps
        mixed = xfade(
            leaving,
            coming,
            transition=XFADE_NAMES[self.timeline.shots[position].transition.kind],
            duration=f"{(frames + 1) / fps:.6f}",
            offset=f"{-1 / fps:.6f}",
        ).format(pix_fmts="yuv420p")
        return self._segment(
            SegmentKind.TRANSITION,
            [position, position + 1],
            mixed,
            first=slot.first + slot.body_frames,
            video_frames=frames,
        )

    def _picture(self, position: int, number: int, *, first: int, video_frames: int) -> VideoStream:
        return picture(
            self.timeline.shots[position],
            self._input(position, number).name,
            self.timeline.format,
            self.timeline.profile,
            first=first,
            video_frames=video_frames,
            seen_frames=self.slots[position].seen_frames,
            overlap_in=self.slots[position].overlap_in,
        )

    def _input(self, position: int, number: int) -> Input:
        source = self.timeline.shots[position].source
        return Input(f"input{number}.{source.extension}", source.sha256)

    def _segment(
        self,
        kind: SegmentKind,
        positions: Sequence[int],
        stream: VideoStream,
        *,
        first: int,
        video_frames: int,
    ) -> Segment:
        fps = self.timeline.format.fps
        captions: str | None = None
        faces: tuple[Face, ...] = ()
        inputs = [self._input(position, number) for number, position in enumerate(positions)]
        overlays = placed_overlays(self.timeline.overlays, self.timeline.format)
        for one in overlays:
            stream = laid_over(stream, one)
        shown = self.texts.within(first, video_frames)
        if shown is not None:
            document, number = shown
            captions, faces = document.text, document.faces
            stream = (
                stream.settb(expr=f"1/{fps}")
                .setpts(expr=f"N+{number}")
                .ass(filename=CAPTION_FILE, fontsdir=FONT_FOLDER)
                .setpts(expr="N")
            )
        inputs += [Input(one.name, one.overlay.sha256) for one in overlays]
        stream = tagged(stream.format(pix_fmts="yuv420p"))
        options = video_options(self.timeline.profile, self.timeline.format, video_frames=video_frames)
        output = ffmpeg.output(stream, filename=SEGMENT_FILE, an=True, extra_options=options)
        arguments = argument_list(output, *VIDEO_GLOBAL_ARGUMENTS)
        key = _key(
            self.encoder,
            arguments,
            [(one.name, one.sha256) for one in inputs],
            captions,
            sorted(face.sha256 for face in faces),
        )
        shot_ids = tuple(self.timeline.shots[position].id for position in positions)
        return Segment(key, kind, shot_ids, first, video_frames, tuple(inputs), arguments, captions, faces)


def _key(*parts: object) -> str:
    return hashlib.sha256(json.dumps([ENGINE_VERSION, *parts]).encode()).hexdigest()
