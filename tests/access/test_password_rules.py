import pytest

from access.common_passwords import COMMON_PASSWORDS
from access.email_addresses import EmailAddress
from access.password_rules import MIN_LENGTH, password_fault

ADDRESS = EmailAddress.parse("Ana.Maria.Silva@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "purple lantern",
        "1357924680",
        "a" * 256,
        "\u5bc6\u7801" * 5,
        "\U0001f600" * 10,
        "$ne: null; {}",
        "          ",
    ],
)
def test_long_passwords_of_any_characters_are_accepted(password: str) -> None:
    assert password_fault(password, ADDRESS) is None


@pytest.mark.parametrize(
    ("password", "part"),
    [
        ("", "at least 10"),
        ("ninechars", "at least 10"),
        ("a" * 257, "at most 256"),
        ("a" * 5_000_000, "at most 256"),
        ("purple\x00lantern", "can be typed"),
        ("purple\ud800lantern", "can be typed"),
        ("ana.maria.silva@example.com", "e-mail"),
        ("ANA.MARIA.SILVA", "e-mail"),
        ("Password123", "guessed"),
        ("\uff51\uff57ertyuiop", "guessed"),
    ],
)
def test_bad_passwords_are_refused_without_repeating_them(password: str, part: str) -> None:
    fault = password_fault(password, ADDRESS)
    assert fault is not None
    assert part in fault
    assert not password or password not in fault


def test_common_passwords_are_folded_and_not_caught_by_length_anyway() -> None:
    assert all(word == word.casefold() and len(word) >= MIN_LENGTH for word in COMMON_PASSWORDS)
