"""From the time of each character to the time of each word."""

from collections.abc import Sequence

from elevenlabs.types.audio_with_timestamps_response import AudioWithTimestampsResponse
from elevenlabs.types.character_alignment_response_model import CharacterAlignmentResponseModel

from providers.alignment.by_transcript import words_heard
from providers.alignment.filling import Span, filled
from providers.local.tokens import tokens
from providers.protocols.speech import SpokenWord

_ENOUGH = 0.5  # share of the letters that an alignment of other text must have in common with ours


def words_of(answer: AudioWithTimestampsResponse, text: str, language: str) -> tuple[SpokenWord, ...] | None:
    """Each word of the text and when it is heard; None where the answer does not say.

    The alignment's characters are the text's own but for white space: then each word has the time of its
    first and last character. Where they are not, as with an alignment of the normalised text, in which `3`
    may be `three`, letters are compared, and what is written otherwise shares the time between its
    neighbours.
    """
    written = [token.text for token in tokens(text, language)]
    for alignment in (answer.alignment, answer.normalized_alignment):
        if alignment is None or not _is_whole(alignment):
            continue
        ends_s = max(alignment.character_end_times_seconds)
        known = _by_character(written, alignment)
        if known is not None:
            return filled(written, known, duration_s=ends_s)
        matched = words_heard(written, _heard(alignment), duration_s=ends_s)
        if matched.share >= _ENOUGH:
            return matched.words
    return None


def _is_whole(alignment: CharacterAlignmentResponseModel) -> bool:
    counts = {
        len(alignment.characters),
        len(alignment.character_start_times_seconds),
        len(alignment.character_end_times_seconds),
    }
    return len(counts) == 1 and 0 not in counts


def _by_character(written: Sequence[str], alignment: CharacterAlignmentResponseModel) -> list[Span] | None:
    """The words' times if the characters are theirs, one after another; None if they are others."""
    spans = _spans(alignment)
    if "".join(character for character, _ in spans) != "".join(written):
        return None
    found: list[Span] = []
    # An entry may hold more than one character of the text: a letter and the mark upon it.
    owners = [span for character, span in spans for _ in character]
    at = 0
    for word in written:
        own = owners[at : at + len(word)]
        found.append((own[0][0], own[-1][1]))
        at += len(word)
    return found


def _spans(alignment: CharacterAlignmentResponseModel) -> list[tuple[str, Span]]:
    return [
        ("".join(character.split()), (start_s, end_s))
        for character, start_s, end_s in zip(
            alignment.characters,
            alignment.character_start_times_seconds,
            alignment.character_end_times_seconds,
            strict=True,
        )
        if character.strip()
    ]


def _heard(alignment: CharacterAlignmentResponseModel) -> list[SpokenWord]:
    """The alignment's own words: what stands between its white space."""
    heard: list[SpokenWord] = []
    is_new = True
    for character, start_s, end_s in zip(
        alignment.characters,
        alignment.character_start_times_seconds,
        alignment.character_end_times_seconds,
        strict=True,
    ):
        if not character.strip():
            is_new = True
        elif is_new:
            heard.append(SpokenWord(character, start_s, end_s))
            is_new = False
        else:
            last = heard[-1]
            heard[-1] = SpokenWord(last.text + character, last.start_s, max(last.end_s, end_s))
    return heard
