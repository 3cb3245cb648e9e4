from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from beanie import PydanticObjectId
from hypothesis import given
from hypothesis import strategies as st

from access.one_time_codes import (
    enrolment_uri,
    new_recovery_codes,
    new_secret,
    recovery_hash,
    step_of,
)

NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOTP = pyotp.TOTP(SECRET)
USER = PydanticObjectId()


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: SHA-1 at 59 s; its last six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert step_of(secret, "287082", datetime.fromtimestamp(59, UTC)) == 1


@pytest.mark.parametrize("off_s", [-30, 0, 30])
def test_code_counts_one_step_early_and_one_late(off_s: int) -> None:
    moment = NOW + timedelta(seconds=off_s)
    assert step_of(SECRET, TOTP.at(moment), NOW) == int(moment.timestamp()) // 30


@pytest.mark.parametrize("off_s", [-90, -60, 60, 90])
def test_older_and_later_codes_are_none(off_s: int) -> None:
    assert step_of(SECRET, TOTP.at(NOW + timedelta(seconds=off_s)), NOW) is None


def test_spaces_that_apps_show_are_no_matter() -> None:
    code = TOTP.at(NOW)
    assert step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW) is not None


@given(st.text(max_size=12).filter(lambda text: not text.isdecimal()))
def test_whatever_else_is_typed_is_no_code(text: str) -> None:
    assert step_of(SECRET, text, NOW) is None


@pytest.mark.parametrize("text", ["", "12345", "1234567", "\u0661" * 6, "\ud800" * 6, "9" * 100_000])
def test_what_looks_like_digits_is_no_code(text: str) -> None:
    assert step_of(SECRET, text, NOW) is None


def test_secrets_have_160_bits_and_reach_the_app_with_the_address() -> None:
    secret = new_secret()
    assert len(secret) == 32
    assert enrolment_uri(secret, "ana+x@example.com").startswith(
        "otpauth://totp/Framewright:ana%2Bx%40example.com?"
    )
    assert f"secret={secret}" in enrolment_uri(secret, "a@b.example")


def test_recovery_codes_are_read_as_people_type_them() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    code = codes[0]
    expected = recovery_hash(USER, code)
    assert expected is not None
    for typed in (code.upper(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert recovery_hash(USER, typed) == expected
    assert recovery_hash(PydanticObjectId(), code) != expected


@pytest.mark.parametrize("text", ["", "abcd", "a" * 17, "\u00e9" * 16, "\ud800" * 16, "a" * 1_000_000])
def test_other_text_is_no_recovery_code(text: str) -> None:
    assert recovery_hash(USER, text) is None
