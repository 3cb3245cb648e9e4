"""Devices, guessed from what browsers say."""

import pytest

from resolvers.accounts.devices import device


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
            "Chrome on Android",
        ),
        ("python-httpx/0.28", "python-httpx"),
        ("Firefox/1", "Firefox"),
        ("", "Unknown device"),
        ("\x07\x1b[31m", "[31m"),
        ("x" * 300, "x" * 40),
    ],
)
def test_a_device_is_told_in_a_few_words(user_agent: str, expected: str) -> None:
    assert device(user_agent) == expected
