"""All texts of a timeline, laid out once, and the part of them that each segment burns in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rendering.captions import ass_document, caption_lines
from rendering.captions_ass import AssDocument
from rendering.captions_effects import PlacedText
from rendering.captions_lines import CaptionLine
from rendering.fonts import Face, FontShelf
from rendering.frame_grid import Slot, exact
from rendering.timeline import CaptionPreset, Timeline, Word


@dataclass(frozen=True, slots=True)
class BurnedTexts:
    """Caption lines and text effects in timeline seconds, and the faces that draw all of them."""

    timeline: Timeline
    slots: tuple[Slot, ...]
    faces: tuple[Face, ...]
    lines: tuple[CaptionLine, ...]
    texts: tuple[PlacedText, ...]

    def within(self, first: int, video_frames: int) -> tuple[AssDocument, int] | None:
        """Return what shows in these video frames, and the first one's number in the document's own time.

        A document's time starts with the earliest shot whose text it holds, not with the video: a shot that
        only moved along the timeline keeps its documents, and so its encoded segments.

        Returns:
            None if no text shows.
        """
        fps = self.timeline.format.fps
        from_s, to_s = first / fps, (first + video_frames) / fps
        # A centisecond of slack, the grain of ASS times; what does not show after all is left out below.
        lines = [one for one in self.lines if one.start_s < to_s + 0.01 and one.end_s > from_s - 0.01]
        texts = [one for one in self.texts if one.start_s < to_s and one.end_s > from_s]
        earliest = min([*(line.start_s for line in lines), *(text.start_s for text in texts)], default=None)
        if earliest is None:
            return None
        start = min(first, self._slot_start(earliest))
        origin_s = start / fps
        document = ass_document(
            [_moved_line(line, origin_s) for line in lines],
            self.timeline.captions,
            self.timeline.format,
            from_s=(first - start) / fps,
            to_s=(first - start + video_frames) / fps,
            faces=self.faces,
            language=self.timeline.language,
            texts=[
                replace(one, start_s=_moved(one.start_s, origin_s), end_s=_moved(one.end_s, origin_s))
                for one in texts
            ],
        )
        return (document, first - start) if document.event_count else None

    def _slot_start(self, time_s: float) -> int:
        fps = self.timeline.format.fps
        return max(slot.first for slot in self.slots if slot.first / fps <= time_s + 1e-6)


def lay_out(
    timeline: Timeline, slots: Sequence[Slot], shelf: FontShelf, *, brand: Face | None = None
) -> BurnedTexts:
    """Break captions into lines and place text effects, in the brand's own face if there is one.

    May block while a font is fetched: call it outside of the event loop.

    Raises:
        MissingGlyphs: no font draws some of the characters.
        FontUnavailable: a font is needed that could not be fetched.
    """
    speaks = timeline.captions.preset is not CaptionPreset.NONE
    utterances = [
        words
        for shot_words in spoken_words(timeline, slots)
        if speaks and (words := [word for word in shot_words if word.text.strip()])
    ]
    texts = tuple(_placed_texts(timeline, slots))
    everything = " ".join(
        [*(word.text for words in utterances for word in words), *(one.effect.text for one in texts)]
    )
    if timeline.captions.uppercase:
        everything = f"{everything} {everything.upper()}"
    faces = shelf.faces_for(everything, timeline.language, brand=brand)
    lines = caption_lines(
        utterances, timeline.captions, timeline.format, faces=faces, language=timeline.language
    )
    return BurnedTexts(timeline, tuple(slots), faces, lines, texts)


def spoken_words(timeline: Timeline, slots: Sequence[Slot]) -> list[list[Word]]:
    """Return the words of each shot's voiceover in timeline seconds, an empty list where nobody speaks.

    What would sound after the end of the video is left out, as it is in the sound.
    """
    fps = timeline.format.fps
    end_s = Fraction(slots[-1].first + slots[-1].frames, fps)
    spoken: list[list[Word]] = []
    for shot, slot in zip(timeline.shots, slots, strict=True):
        words: list[Word] = []
        if shot.voice is not None:
            start_s = Fraction(slot.first, fps) + exact(shot.voice.lead_in_s)
            for word in shot.voice.words:
                begins = start_s + exact(word.start_s)
                if begins < end_s:
                    ends = min(end_s, start_s + exact(word.end_s))
                    words.append(Word(text=word.text, start_s=float(begins), end_s=float(max(begins, ends))))
        spoken.append(words)
    return spoken


def _placed_texts(timeline: Timeline, slots: Sequence[Slot]) -> list[PlacedText]:
    fps = timeline.format.fps
    placed = []
    for shot, slot in zip(timeline.shots, slots, strict=True):
        shot_start, shot_end = slot.first / fps, (slot.first + slot.frames) / fps
        for effect in shot.texts:
            start_s = shot_start + effect.start_s
            end_s = shot_end if effect.duration_s is None else min(shot_end, start_s + effect.duration_s)
            if start_s < end_s:
                placed.append(PlacedText(effect, start_s, end_s))
    return placed


def _moved(time_s: float, origin_s: float) -> float:
    # Rounded far below a centisecond: the noise of a subtraction must not change how a time is written.
    return max(0.0, round(time_s - origin_s, 6))


def _moved_line(line: CaptionLine, origin_s: float) -> CaptionLine:
    moved = {
        word: replace(word, start_s=_moved(word.start_s, origin_s), end_s=_moved(word.end_s, origin_s))
        for word in line.words
    }
    return replace(
        line,
        words=tuple(moved[word] for word in line.words),
        rows=tuple(tuple(moved[word] for word in row) for row in line.rows),
        start_s=_moved(line.start_s, origin_s),
        end_s=_moved(line.end_s, origin_s),
    )
