import base64
import itertools

import pytest

from access.api_key_tokens import ApiKeyToken
from access.errors import Unauthenticated

TOKEN = ApiKeyToken.make()


def test_revealed_key_can_be_taken_apart_again() -> None:
    assert ApiKeyToken.parse(TOKEN.reveal()) == TOKEN
    assert TOKEN.reveal().startswith("fwk_")


def test_secret_is_in_no_repr_and_no_string() -> None:
    for shown in (repr(TOKEN), str(TOKEN)):
        assert repr(TOKEN.secret) not in shown
        assert TOKEN.reveal()[20:] not in shown
    assert TOKEN.secret_hash != TOKEN.secret


def respelled(text: str) -> str:
    """The same bytes under another last character: base64 leaves its two lowest bits unused here."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fwk_",
        "fwk_" + "?" * 59,
        "fwk_" + base64.urlsafe_b64encode(bytes(43)).decode(),
        "fwk_" + base64.urlsafe_b64encode(bytes(44)).decode(),
        TOKEN.reveal() + "A",
        TOKEN.reveal().upper(),
        TOKEN.reveal().replace("fwk_", "fwr_"),
        respelled(TOKEN.reveal()),
        "fwk_" + "a" * 1_000_000,
        "fwk_" + "\u00e9" * 59,
        "fwk_" + "\ud800" * 59,
    ],
    ids=itertools.count(),  # some are random: a name that changes with each run cannot be asked for again
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        ApiKeyToken.parse(text)
