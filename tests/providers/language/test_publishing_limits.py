from hypothesis import given, settings
from hypothesis import strategies as st

from providers.language.hashtags import MAX_HASHTAGS, hashtags
from providers.language.shortened import shortened


def test_hashtags_are_cleaned() -> None:
    assert hashtags(
        ["#Did you know", "did-you know", "#one #two", "🙂", "2026", "##", "São_Paulo", "日本"]
    ) == (
        "Didyouknow",
        "one",
        "two",
        "São_Paulo",
        "日本",
    )


def test_there_are_so_many_hashtags_at_the_most() -> None:
    assert len(hashtags(f"tag{number}" for number in range(99))) == MAX_HASHTAGS


@settings(deadline=None)
@given(st.text(max_size=80), st.integers(2, 40))
def test_shortened_text_fits(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert short == text or short.endswith("…")


def test_a_word_is_not_cut_where_another_fits() -> None:
    assert shortened("The sea is very big", 12) == "The sea is…"
    assert shortened("Donaudampfschifffahrt", 8) == "Donauda…"
