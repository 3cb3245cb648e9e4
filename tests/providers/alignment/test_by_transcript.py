from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.alignment.by_transcript import words_heard
from providers.protocols.speech import SpokenWord

WORD_S, PAUSE_S = 0.3, 0.05


def transcript(text: str, *, from_s: float = 0.5) -> list[SpokenWord]:
    """Words of equal length with short pauses, as a transcriber would give them."""
    return [
        SpokenWord(word, from_s + place * (WORD_S + PAUSE_S), from_s + place * (WORD_S + PAUSE_S) + WORD_S)
        for place, word in enumerate(text.split())
    ]


def starts(written: str, heard: list[SpokenWord]) -> dict[str, float]:
    matched = words_heard(written.split(), heard, duration_s=heard[-1].end_s + 0.4)
    assert [word.text for word in matched.words] == written.split()
    return {word.text: word.start_s for word in matched.words}


def test_written_words_keep_their_spelling_and_take_the_heard_times() -> None:
    heard = transcript("honey bees dance")
    found = words_heard(["“Honey", "Bees”", "DANCE!"], heard, duration_s=2.0)
    assert found.share == 1
    assert [(word.text, word.start_s, word.end_s) for word in found.words] == [
        ("“Honey", heard[0].start_s, heard[0].end_s),
        ("Bees”", heard[1].start_s, heard[1].end_s),
        ("DANCE!", heard[2].start_s, heard[2].end_s),
    ]


def test_a_number_takes_the_time_of_its_many_words() -> None:
    heard = transcript("in nineteen ninety five doctor smith came")
    found = words_heard(["In", "1995,", "Doctor", "Smith", "came"], heard, duration_s=4.0).words
    assert found[1].start_s == pytest.approx(heard[0].end_s)
    assert found[1].end_s == pytest.approx(heard[4].start_s)
    assert found[2].start_s == heard[4].start_s


def test_words_that_were_not_heard_stand_between_their_neighbours() -> None:
    heard = transcript("the bees dance today")
    found = words_heard(["The", "busy", "little", "bees", "dance", "today"], heard, duration_s=3.0).words
    assert found[3].start_s == heard[1].start_s
    assert found[0].start_s <= found[1].start_s < found[2].start_s < found[3].start_s


def test_words_that_are_not_written_are_passed_over() -> None:
    heard = transcript("um so the the color uh of bees you know")
    found = starts("The colour of bees", heard)
    assert found["colour"] == heard[4].start_s
    assert found["of"] == heard[6].start_s
    assert found["bees"] == heard[7].start_s


def test_words_run_together_and_cut_up_are_found() -> None:
    heard = transcript("I can not find the seed frame")
    found = starts("I cannot find the seed-frame", heard)
    assert found["cannot"] == heard[1].start_s
    assert found["find"] == heard[3].start_s
    assert found["seed-frame"] == heard[5].start_s


def test_text_without_spaces_is_compared_sign_by_sign() -> None:
    heard = [
        SpokenWord(sign, place * 0.2, place * 0.2 + 0.2) for place, sign in enumerate("今天天气很好我们去")
    ]
    found = words_heard(["今天", "天气很好,", "我们去"], heard, duration_s=2.0).words
    assert [word.start_s for word in found] == pytest.approx([0.0, 0.4, 1.2])
    assert found[-1].end_s == pytest.approx(1.8)


def test_accents_and_other_scripts_are_compared_by_letter() -> None:
    heard = transcript("पार्क चलें ελλαδα uber")
    found = starts("पार्क चलें Ελλάδα über", heard)
    assert list(found.values()) == [word.start_s for word in heard]


def test_another_text_is_told_by_its_share() -> None:
    heard = transcript("completely different things were said in here")
    assert (
        words_heard(["Bienen", "tanzen,", "um", "den", "Weg", "zu", "zeigen"], heard, duration_s=4).share
        < 0.3
    )
    assert words_heard(["今天"], heard, duration_s=4).share == 0
    assert words_heard(["One", "two"], [], duration_s=1).share == 0


def test_a_transcript_with_faults_is_followed_closely() -> None:
    """Every tenth word is missing, misheard or doubled, and the transcriber is up to 40 ms off."""
    chance = np.random.default_rng(7)
    written = ("honey bees dance to show each other the long way to bright flowers near water " * 12).split()
    truth = transcript(" ".join(written))
    heard = []
    for word in truth:
        off_s = chance.uniform(-0.04, 0.04)
        fault = chance.integers(30)
        if fault == 0:
            continue
        text = "mumble" if fault == 1 else word.text
        heard.append(SpokenWord(text, word.start_s + off_s, word.end_s + off_s))
        if fault == 2:
            heard.append(SpokenWord(word.text, word.end_s, word.end_s + 0.03))
    found = words_heard(written, heard, duration_s=truth[-1].end_s).words
    missed = [abs(one.start_s - other.start_s) for one, other in zip(found, truth, strict=True)]
    assert np.median(missed) < 0.03
    assert np.percentile(missed, 95) < 0.06


moments = st.floats(min_value=-1, max_value=8, allow_nan=False)
texts = st.text(st.sampled_from("abcdé—1 天気"), max_size=6)


@given(
    st.lists(texts.filter(str.strip), min_size=1, max_size=12),
    st.lists(st.builds(SpokenWord, texts, moments, moments), max_size=12),
    st.floats(min_value=0.1, max_value=6),
)
def test_whatever_was_heard_every_word_is_timed_in_order(
    written: list[str], heard: list[SpokenWord], duration_s: float
) -> None:
    found = words_heard(written, heard, duration_s=duration_s).words
    assert [word.text for word in found] == written
    for word in found:
        assert 0 <= word.start_s <= word.end_s <= duration_s
    for word, following in pairwise(found):
        assert word.end_s <= following.start_s + 1e-9
