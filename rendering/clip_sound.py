"""What clips sound like by themselves: where in the video it is heard, and how it begins and ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import ffmpeg
from ffmpeg import AudioStream

from rendering.frame_grid import SAMPLE_RATE, Slot, exact, nearest
from rendering.picture import CLIP_DEMUXERS, INPUT_OPTIONS
from rendering.timeline import Shot, SourceKind

_EDGE_SAMPLES: Final = SAMPLE_RATE // 200
"""Five milliseconds: a sound that is cut into begins and ends without a click."""
_SLOWEST_TEMPO: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class PlacedClipSound:
    """A clip's own sound and its place in the video, in samples; `end_sample` is the one after its last.

    Args:
        shot: the first that plays it; others may go on with it.
        fade_in: samples in which it comes in.
        fade_out: samples in which it goes.
    """

    shot: Shot
    first_sample: int
    end_sample: int
    fade_in: int
    fade_out: int

    @property
    def extension(self) -> str:
        """The file's."""
        return self.shot.source.extension

    @property
    def samples(self) -> int:
        """How long it is heard."""
        return self.end_sample - self.first_sample


def has_own_sound(shot: Shot) -> bool:
    """Whether a shot is heard by itself."""
    return shot.source.kind is SourceKind.CLIP and shot.source_volume > 0


def placed_clip_sounds(shots: Sequence[Shot], slots: Sequence[Slot], fps: int) -> list[PlacedClipSound]:
    """Return what is heard of clips, in the order in which it begins.

    A sound is heard as long as its clip is seen to play. Under a transition one sound gives way to the next;
    a clip that plays on from shot to shot sounds on without a seam.
    """
    found: list[PlacedClipSound] = []
    for one in _heard(shots, slots, fps):
        if found and _goes_on(found[-1], one, fps):
            found[-1] = replace(found[-1], end_sample=one.end_sample, fade_out=one.fade_out)
        else:
            found.append(one)
    heard = (_to_the_clips_end(one) for one in found)
    return sorted((one for one in heard if one.samples > 0), key=lambda one: one.first_sample)


def clip_sound(one: PlacedClipSound, name: str) -> AudioStream:
    """Return the sound from where it is first heard, at its volume, 48 kHz stereo floats.

    Raises:
        ValueError: the clip's extension is of no known kind.
    """
    shot = one.shot
    try:
        demuxer = CLIP_DEMUXERS[one.extension]
    except KeyError:
        raise ValueError(
            f"source.extension: is {one.extension!r}; a clip may be {', '.join(CLIP_DEMUXERS)}"
        ) from None
    opened = ffmpeg.input(
        name,
        f=demuxer,
        ss=f"{shot.trim_start_s:.6f}" if shot.trim_start_s else None,
        extra_options={**INPUT_OPTIONS, "vn": True},
    )
    # By its times: a sound that begins after its picture is not heard too early.
    sound = opened.audio.aresample(
        sample_rate=SAMPLE_RATE, extra_options={"async": "1", "first_pts": "0"}
    ).aformat(sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts="stereo")
    for tempo in _tempos(exact(shot.speed)):
        sound = sound.atempo(tempo=repr(float(tempo)))
    sound = sound.apad(whole_len=one.samples).atrim(end_sample=one.samples).asetpts(expr="N/SR/TB")
    if one.fade_in:
        sound = sound.afade(type="in", start_sample=0, nb_samples=one.fade_in, curve="qsin")
    if one.fade_out:
        first = one.samples - one.fade_out
        sound = sound.afade(type="out", start_sample=first, nb_samples=one.fade_out, curve="qsin")
    return sound.volume(volume=repr(shot.source_volume))


def _heard(shots: Sequence[Shot], slots: Sequence[Slot], fps: int) -> Iterator[PlacedClipSound]:
    for shot, slot in zip(shots, slots, strict=True):
        if not has_own_sound(shot):
            continue
        first, comes_in = slot.first - slot.overlap_in, slot.overlap_in
        if shot.plays_at_s is not None:
            first, comes_in = slot.first + nearest(exact(shot.plays_at_s) * fps), 0
        first_sample, end_sample = _sample(first, fps), _sample(slot.first + slot.frames, fps)
        most = max(0, end_sample - first_sample) // 2
        yield PlacedClipSound(
            shot,
            first_sample,
            end_sample,
            fade_in=min(most, max(_EDGE_SAMPLES, _sample(comes_in, fps))),
            fade_out=min(most, max(_EDGE_SAMPLES, _sample(slot.overlap_out, fps))),
        )


def _goes_on(before: PlacedClipSound, after: PlacedClipSound, fps: int) -> bool:
    """Whether the clip plays on from one shot to the next, which begins where the one before ends."""
    one, other = before.shot, after.shot
    if after.first_sample != before.end_sample or other.plays_at_s is None:
        return False
    played_s = Fraction(before.samples, SAMPLE_RATE) * exact(one.speed)
    gap_s = exact(one.trim_start_s) + played_s - exact(other.trim_start_s)
    same = (one.source, one.speed, one.source_volume) == (other.source, other.speed, other.source_volume)
    return same and abs(gap_s) <= Fraction(1, fps)


def _to_the_clips_end(one: PlacedClipSound) -> PlacedClipSound:
    """No longer than the clip plays: after that its last picture is held, in silence."""
    shot = one.shot
    if shot.source.duration_s is None:
        return one
    left_s = exact(shot.source.duration_s) - exact(shot.trim_end_s) - exact(shot.trim_start_s)
    end = one.first_sample + max(0, nearest(left_s / exact(shot.speed) * SAMPLE_RATE))
    if end >= one.end_sample:
        return one
    samples = end - one.first_sample
    return replace(
        one,
        end_sample=end,
        fade_in=min(one.fade_in, samples // 2),
        fade_out=min(_EDGE_SAMPLES, samples // 2),
    )


def _sample(frame: int, fps: int) -> int:
    return nearest(Fraction(frame, fps) * SAMPLE_RATE)


def _tempos(speed: Fraction) -> list[Fraction]:
    """Factors that make up the speed, none slower than the filter takes."""
    found = []
    while speed < _SLOWEST_TEMPO:
        found.append(_SLOWEST_TEMPO)
        speed /= _SLOWEST_TEMPO
    return found if speed == 1 else [*found, speed]
