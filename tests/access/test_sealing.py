import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OctKey

from access.sealing import SealBroken, Sealing

OLD, NEW = {"a": "k" * 32}, {"b": "n" * 40}
SEALING = Sealing(OLD)


@given(st.binary(max_size=2_000), st.text(max_size=40).filter(str.isprintable))
def test_what_was_sealed_is_opened(data: bytes, purpose: str) -> None:
    assert SEALING.open(purpose, SEALING.seal(purpose, data)) == data


def test_sealed_text_shows_nothing_and_never_repeats() -> None:
    sealed = [SEALING.seal("totp:1", b"JBSWY3DPEHPK3PXP") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert all("JBSW" not in each for each in sealed)
    assert "k" * 32 not in repr(SEALING)


def test_new_key_seals_while_the_old_one_still_opens() -> None:
    old = SEALING.seal("p", b"x")
    both = Sealing(NEW | OLD)
    assert both.open("p", old) == b"x"
    assert Sealing(NEW).open("p", both.seal("p", b"y")) == b"y"
    with pytest.raises(SealBroken):
        Sealing(NEW).open("p", old)


def part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


SEALED = SEALING.seal("p", b"x")
FORGERIES = {
    "empty": "",
    "dots": "....",
    "prose": "hello",
    "lone surrogate": "\ud800....",
    "overlong": "a" * 1_000_000,
    "for another purpose": SEALING.seal("q", b"x"),
    "with another secret": Sealing({"a": "z" * 32}).seal("p", b"x"),
    "unknown key": Sealing({"z": "k" * 32}).seal("p", b"x"),
    "cut": SEALED[:-3],
    "no tag": SEALED.rpartition(".")[0] + ".",
    "another header": ".".join([part({"alg": "dir", "enc": "A256GCM", "kid": "b"}), *SEALED.split(".")[1:]]),
    "no header": ".".join(["", *SEALED.split(".")[1:]]),
    "header that is a list": ".".join([part([]), *SEALED.split(".")[1:]]),
    "key wrapped": jwe.encrypt_compact(
        {"alg": "A256KW", "enc": "A256GCM", "kid": "a"}, b"x", OctKey.import_key(b"k" * 32)
    ),
    "another cipher": jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256CBC-HS512", "kid": "a"}, b"x", OctKey.import_key(b"k" * 64)
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_we_did_not_seal_stays_closed(name: str) -> None:
    with pytest.raises(SealBroken):
        SEALING.open("p", FORGERIES[name])


@pytest.mark.parametrize("secrets", [{}, {"a": "short"}])
def test_bad_secrets_stop_the_start_without_being_shown(secrets: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="secret") as caught:
        Sealing(secrets)
    assert "short" not in str(caught.value).replace("shorter", "")
