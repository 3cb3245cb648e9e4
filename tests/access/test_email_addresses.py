import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.email_addresses import EmailAddress, MalformedAddress, masked


def key(text: str) -> str:
    return EmailAddress.parse(text).key


def test_address_is_kept_as_typed_without_surrounding_space() -> None:
    assert EmailAddress.parse("  Ana.Silva@Example.COM ").typed == "Ana.Silva@Example.COM"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ana@Example.com", "ana@example.COM"),
        ("\uff41\uff4e\uff41@example.com", "ana@example.com"),  # full-width letters
        ("ana@b\u00fccher.example", "ana@xn--bcher-kva.example"),
        ("ana@\uff45xample\u3002com", "ana@example.com"),  # full-width letter, ideographic full stop
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("\u212aim@example.com", "kim@example.com"),  # Kelvin sign
        ("\u0391@example.com", "\u03b1@example.com"),
    ],
)
def test_spellings_that_people_do_not_tell_apart_share_a_key(first: str, second: str) -> None:
    assert key(first) == key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ana@example.com", "ana@example.org"),
        ("ana+news@example.com", "ana@example.com"),
        ("a.na@example.com", "ana@example.com"),
        ("\u0430\u043d\u0430@example.com", "aha@example.com"),  # wholly Cyrillic: another mailbox
        ("ad\u0131m@example.com", "adim@example.com"),  # dotless i
    ],
)
def test_different_mailboxes_have_different_keys(first: str, second: str) -> None:
    assert key(first) != key(second)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ana",
        "ana@",
        "@example.com",
        "ana@localhost",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "ana@example.com.",
        "ana@exa mple.com",
        "ana@exam_ple.com",
        "ana@-example.com",
        "an a@example.com",
        '"ana"@example.com',
        "ana@b@example.com",
        ".ana@example.com",
        "an..a@example.com",
        "ana\x00@example.com",
        "ana\n@example.com",
        "ana@example.com\r\nBcc: all@example.com",
        "an\u200ba@example.com",  # zero-width space
        "an\u202ea@example.com",  # right-to-left override
        "an\u00a0a@example.com",
        "\ud800ana@example.com",
        "ana@\ud800.com",
        "\u0430na@example.com",  # Cyrillic a before Latin letters
        "ana@ex\u0430mple.com",
        "p\u03bfl@example.com",  # Greek omicron
        "a" * 65 + "@example.com",
        "\u00e9" * 33 + "@example.com",
        "ana@" + "a" * 64 + ".com",
        "ana@" + "a." * 130 + "com",
        "a" * 100_000 + "@example.com",
        "\ufdfa" * 5 + "@example.com",  # unfolds into words with spaces
    ],
)
def test_malformed_addresses_are_refused(text: str) -> None:
    with pytest.raises(MalformedAddress):
        EmailAddress.parse(text)


@given(st.text(max_size=300) | st.text(max_size=40).map(lambda local: f"{local}@example.com"))
def test_any_text_is_refused_or_has_a_stable_key(text: str) -> None:
    try:
        address = EmailAddress.parse(text)
    except MalformedAddress:
        return
    assert EmailAddress.parse(address.typed) == address
    assert key(address.key) == address.key
    assert not any(unicodedata.category(character)[0] in "CZ" for character in address.key)


def test_masked_address_tells_those_who_know_it_and_nobody_else() -> None:
    assert masked("ana.silva@example.com") == "a…@example.com"
