from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from access.media_urls import MediaUrls

KEY = "projects/abc/scenes/def/images/ghi.png"
OLD, NEW = "o" * 32, "n" * 32


class Clock:
    time = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def parts(url: str) -> tuple[str, str, str]:
    split = urlsplit(url)
    query = parse_qs(split.query)
    return unquote(split.path.removeprefix("/media/")), query["expires"][0], query["signature"][0]


def urls(*secrets: str, clock: Clock | None = None) -> MediaUrls:
    return MediaUrls(secrets or (NEW,), "https://a.example/", now=clock or Clock())


def test_address_opens_its_key_until_it_runs_out() -> None:
    clock = Clock()
    signer = urls(clock=clock)
    url = signer.url(KEY, 3_600)
    assert url.startswith(f"https://a.example/media/{KEY}?")
    key, expires, signature = parts(url)
    remaining_s = signer.remaining_s(key, expires, signature)
    assert remaining_s is not None
    assert 3_600 <= remaining_s <= 4_500
    clock.time += timedelta(seconds=remaining_s)
    assert signer.remaining_s(key, expires, signature) is None


def test_address_stays_the_same_for_a_while() -> None:
    clock = Clock()
    signer = urls(clock=clock)
    clock.time += timedelta(seconds=1)
    first = signer.url(KEY, 3_600)
    clock.time += timedelta(seconds=800)
    assert signer.url(KEY, 3_600) == first
    clock.time += timedelta(seconds=200)
    assert signer.url(KEY, 3_600) != first


def test_nothing_of_an_address_can_be_changed() -> None:
    signer = urls()
    key, expires, signature = parts(signer.url(KEY, 60))
    other = parts(signer.url(f"{KEY}x", 60))[2]
    for changed in (
        (f"{key}x", expires, signature),
        (key, str(int(expires) + 1), signature),
        (key, f"0{expires}", signature),
        (key, f"{expires}0", signature),
        (key, expires, other),
        (key, expires, signature[:-1]),
        (key, expires, ""),
        (key, "", signature),
        (key, "-1", signature),
        (key, "9" * 5_000, signature),
        (key, "١٢", signature),
        (key, expires, "ü"),
    ):
        assert signer.remaining_s(*changed) is None


def test_old_secret_verifies_until_it_is_dropped() -> None:
    signed = parts(urls(OLD).url(KEY, 60))
    assert urls(NEW, OLD).remaining_s(*signed) is not None
    assert urls(NEW).remaining_s(*signed) is None
    assert parts(urls(NEW, OLD).url(KEY, 60)) == parts(urls(NEW).url(KEY, 60))


@pytest.mark.parametrize("secrets", [(), ("short",)])
def test_weak_secrets_are_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret"):
        MediaUrls(secrets, "https://a.example", now=Clock())


def test_secrets_are_not_shown() -> None:
    assert NEW not in repr(urls())
