"""The sound of a whole timeline as one filter graph: voices, effects and clips, with music under them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol, TypeVar

import ffmpeg
from ffmpeg import AudioStream
from ffmpeg.filters import amix, concat
from ffmpeg.sources import anullsrc

from rendering.clip_sound import clip_sound, placed_clip_sounds
from rendering.frame_grid import SAMPLE_RATE, Slot, exact, nearest
from rendering.timeline import Music, SoundEffect, Timeline, Voice

AUDIO_GLOBAL_ARGUMENTS: Final = ("-cpuflags", "0", "-filter_complex_threads", "1")
"""Without vector instructions the sound is the same, bit for bit, on all machines."""

AUDIO_DEMUXERS: Final = {
    "wav": "wav",
    "mp3": "mp3",
    "ogg": "ogg",
    "opus": "ogg",
    "flac": "flac",
    "aac": "aac",
    "m4a": "mov",
    "mp4": "mov",
    "webm": "matroska",
}
_INPUT_OPTIONS: Final = {"protocol_whitelist": "file,pipe", "vn": True}


class _Placed(Protocol):
    """A sound and its place in the video, in samples; `end_sample` is the one after its last."""

    @property
    def extension(self) -> str: ...
    @property
    def first_sample(self) -> int: ...
    @property
    def end_sample(self) -> int: ...


PlacedT = TypeVar("PlacedT", bound=_Placed)


@dataclass(frozen=True, slots=True)
class PlacedVoice:
    """A voiceover and its first sample in the video."""

    voice: Voice
    first_sample: int

    @property
    def extension(self) -> str:
        """The file's."""
        return self.voice.extension

    @property
    def end_sample(self) -> int:
        """The sample after its last one."""
        return self.first_sample + nearest(exact(self.voice.duration_s) * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class PlacedEffect:
    """A sound effect and its first sample in the video."""

    effect: SoundEffect
    first_sample: int

    @property
    def extension(self) -> str:
        """The file's."""
        return self.effect.extension

    @property
    def end_sample(self) -> int:
        """The sample after its last one."""
        return self.first_sample + nearest(exact(self.effect.duration_s) * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class AudioInput:
    """A sound under the plain name by which the graph opens it."""

    name: str
    sha256: str


def placed_voices(timeline: Timeline, slots: Sequence[Slot]) -> list[PlacedVoice]:
    """Return the voiceovers in the order in which they start, without those that start after the end."""
    fps = timeline.format.fps
    total = total_samples(slots, fps)
    placed = [
        PlacedVoice(
            shot.voice, nearest((Fraction(slot.first, fps) + exact(shot.voice.lead_in_s)) * SAMPLE_RATE)
        )
        for shot, slot in zip(timeline.shots, slots, strict=True)
        if shot.voice is not None
    ]
    return sorted((one for one in placed if one.first_sample < total), key=lambda one: one.first_sample)


def placed_effects(timeline: Timeline, slots: Sequence[Slot]) -> list[PlacedEffect]:
    """Return the effects that are heard, in the order in which they start."""
    fps = timeline.format.fps
    total = total_samples(slots, fps)
    placed = [
        PlacedEffect(sound, nearest((Fraction(slot.first, fps) + exact(sound.start_s)) * SAMPLE_RATE))
        for shot, slot in zip(timeline.shots, slots, strict=True)
        for sound in shot.sounds
        if sound.volume > 0
    ]
    return sorted((one for one in placed if one.first_sample < total), key=lambda one: one.first_sample)


def total_samples(slots: Sequence[Slot], fps: int) -> int:
    """Return the length of the sound that goes with so many video frames."""
    return nearest(Fraction(slots[-1].first + slots[-1].frames, fps) * SAMPLE_RATE)


def mix(timeline: Timeline, slots: Sequence[Slot]) -> tuple[AudioStream, tuple[AudioInput, ...]]:
    """Return the whole sound, 48 kHz stereo floats of exactly the video's length, and what it opens.

    Raises:
        ValueError: a sound's extension is of no known kind.
    """
    fps = timeline.format.fps
    total = total_samples(slots, fps)
    voices, effects = placed_voices(timeline, slots), placed_effects(timeline, slots)
    clips = placed_clip_sounds(timeline.shots, slots, fps)
    voice_inputs = [
        AudioInput(f"voice{number}.{one.extension}", one.voice.sha256) for number, one in enumerate(voices)
    ]
    effect_inputs = [
        AudioInput(f"effect{number}.{one.extension}", one.effect.sha256) for number, one in enumerate(effects)
    ]
    clip_inputs = [
        AudioInput(f"clip{number}.{one.extension}", one.shot.source.sha256)
        for number, one in enumerate(clips)
    ]
    sound = _speech(timeline, voices, voice_inputs, total)
    inputs = (*voice_inputs, *effect_inputs, *clip_inputs)
    if timeline.music is not None and timeline.music.volume > 0:
        music = AudioInput(f"music.{timeline.music.extension}", timeline.music.sha256)
        sound = _with_music(sound, timeline.music, music.name, total)
        inputs = (*inputs, music)
    # After the ducking: the music gives way to voices alone.
    sound = _laid_beside(sound, effects, [_effect(*each) for each in _named(effects, effect_inputs)], total)
    sound = _laid_beside(sound, clips, [clip_sound(*each) for each in _named(clips, clip_inputs)], total)
    return sound if sound is not None else _silence(total), inputs


def _speech(
    timeline: Timeline, voices: Sequence[PlacedVoice], inputs: Sequence[AudioInput], total: int
) -> AudioStream | None:
    lanes = [
        _lane(
            [voices[number] for number in lane],
            [_opened(inputs[number].name, voices[number].extension) for number in lane],
            total,
        )
        for lane in _lanes(voices)
    ]
    speech = amix(*lanes, duration="longest", normalize=False) if len(lanes) > 1 else next(iter(lanes), None)
    return None if speech is None else speech.volume(volume=f"{timeline.voice_gain_db!r}dB")


def _named(placed: Sequence[PlacedT], inputs: Sequence[AudioInput]) -> Iterator[tuple[PlacedT, str]]:
    return ((one, opened.name) for one, opened in zip(placed, inputs, strict=True))


def _effect(one: PlacedEffect, name: str) -> AudioStream:
    return _opened(name, one.extension).volume(volume=repr(one.effect.volume))


def _laid_beside(
    sound: AudioStream | None, placed: Sequence[_Placed], opened: Sequence[AudioStream], total: int
) -> AudioStream | None:
    """Mix sounds in their places with what is there."""
    lanes = [
        _lane([placed[number] for number in lane], [opened[number] for number in lane], total)
        for lane in _lanes(placed)
    ]
    heard = lanes if sound is None else [sound, *lanes]
    return amix(*heard, duration="longest", normalize=False) if len(heard) > 1 else next(iter(heard), None)


def _with_music(speech: AudioStream | None, music: Music, name: str, total: int) -> AudioStream:
    fade = min(nearest(exact(music.fade_out_s) * SAMPLE_RATE), total)
    under = _opened(name, music.extension, loops=True).atrim(end_sample=total).apad(whole_len=total)
    under = under.asetpts(expr="N/SR/TB").volume(volume=repr(music.volume))
    if fade:
        under = under.afade(type="out", start_sample=total - fade, nb_samples=fade)
    if speech is None:
        return under
    if music.ducking:
        split = speech.asplit(outputs=2)
        heard, key = split.audio(0), split.audio(1)
        under = under.sidechaincompress(key, threshold=0.03, ratio=8, attack=20, release=400)
        speech = heard
    return amix(speech, under, duration="first", normalize=False)


def _lanes(sounds: Sequence[_Placed]) -> list[list[int]]:
    """Share out sounds over lanes in which none overlaps the next: mostly one, which costs no mixing."""
    lanes: list[list[int]] = []
    for number, one in enumerate(sounds):
        for lane in lanes:
            if sounds[lane[-1]].end_sample <= one.first_sample:
                lane.append(number)
                break
        else:
            lanes.append([number])
    return lanes


def _lane(sounds: Sequence[_Placed], opened: Sequence[AudioStream], total: int) -> AudioStream:
    """Lay sounds end to end with silence between, up to exactly `total` samples."""
    parts: list[AudioStream] = []
    ends = [*(one.first_sample for one in sounds[1:]), total]
    for one, stream, end in zip(sounds, opened, ends, strict=True):
        length = end - one.first_sample
        heard = min(length, one.end_sample - one.first_sample)
        part = stream.atrim(end_sample=heard)
        if not parts and one.first_sample:
            part = part.adelay(delays=f"{one.first_sample}S", all=True)
            length = end
        parts.append(part.apad(whole_len=length).asetpts(expr="N/SR/TB"))
    return concat(*parts, n=len(parts), v=0, a=1).audio(0) if len(parts) > 1 else parts[0]


def _opened(name: str, extension: str, *, loops: bool = False) -> AudioStream:
    try:
        demuxer = AUDIO_DEMUXERS[extension]
    except KeyError:
        raise ValueError(f"extension: is {extension!r}; a sound may be {', '.join(AUDIO_DEMUXERS)}") from None
    options = {**({"stream_loop": "-1"} if loops else {}), **_INPUT_OPTIONS}
    opened = ffmpeg.input(name, f=demuxer, extra_options=options)
    return opened.audio.aresample(sample_rate=SAMPLE_RATE).aformat(
        sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts="stereo"
    )


def _silence(samples: int) -> AudioStream:
    quiet = anullsrc(channel_layout="stereo", sample_rate=SAMPLE_RATE)
    return quiet.atrim(end_sample=samples).aformat(sample_fmts="fltp", channel_layouts="stereo")
