import pytest

from providers.language.pace import count_for, counted_in, spoken_s


@pytest.mark.parametrize(
    ("language", "unit", "count"),
    [("en", "words", 150), ("de-AT", "words", 130), ("ja", "characters", 330), ("zh-TW", "characters", 260)],
)
def test_a_minute_holds_so_much(language: str, unit: str, count: int) -> None:
    assert counted_in(language) == unit
    assert count_for(60, language) == count


@pytest.mark.parametrize("language", ["en", "fr", "xx", "ja", "th"])
def test_what_fills_a_time_takes_that_time(language: str) -> None:
    count = count_for(42, language)
    text = " ".join(["word"] * count) if counted_in(language) == "words" else "字" * count
    assert spoken_s(text, language) == pytest.approx(42, abs=0.5)


def test_marks_alone_take_no_time() -> None:
    assert spoken_s("— … !", "en") == 0


def test_the_shortest_time_holds_one_word() -> None:
    assert count_for(0.01, "en") == 1
