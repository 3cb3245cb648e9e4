import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from beanie import PydanticObjectId

from access.errors import Unauthenticated
from access.tokens import AccessTokens

KEY, NEXT_KEY, FOREIGN_KEY = "k" * 32, "n" * 48, "f" * 32
USER, SESSION = PydanticObjectId(), PydanticObjectId()
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def tokens(
    *keys: str, at: datetime = NOW, issuer: str = "https://a.example", audience: str = "api"
) -> AccessTokens:
    return AccessTokens(keys or (KEY,), issuer=issuer, audience=audience, now=lambda: at)


def header_of(token: str) -> dict[str, Any]:
    return jwt.get_unverified_header(token)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def forged(
    key: str = KEY,
    algorithm: str = "HS256",
    *,
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
) -> str:
    """A token as ours would be, with changes; a claim of None is left out."""
    genuine = tokens().issue(USER, SESSION).value
    changed = {
        name: value for name, value in (claims_of(genuine) | (claims or {})).items() if value is not None
    }
    return jwt.encode(changed, key, algorithm=algorithm, headers=header_of(genuine) | (header or {}))


def test_issued_token_says_who_and_until_when() -> None:
    issued = tokens().issue(USER, SESSION)
    read = tokens().read(issued.value)
    assert (read.user_id, read.session_id) == (USER, SESSION)
    assert issued.expires_at == read.expires_at == NOW + timedelta(minutes=15)


def test_two_tokens_of_one_second_differ() -> None:
    assert tokens().issue(USER, SESSION).value != tokens().issue(USER, SESSION).value


def test_token_is_good_to_its_last_second_and_no_longer() -> None:
    value = tokens().issue(USER, SESSION).value
    assert tokens(at=NOW + timedelta(seconds=899)).read(value)
    with pytest.raises(Unauthenticated):
        tokens(at=NOW + timedelta(seconds=900)).read(value)


def test_token_from_the_future_is_refused_beyond_clock_skew() -> None:
    value = tokens().issue(USER, SESSION).value
    assert tokens(at=NOW - timedelta(seconds=50)).read(value)
    with pytest.raises(Unauthenticated):
        tokens(at=NOW - timedelta(seconds=70)).read(value)


def test_new_key_signs_while_the_old_one_still_verifies() -> None:
    old = tokens(KEY).issue(USER, SESSION).value
    both = tokens(NEXT_KEY, KEY)
    assert both.read(old)
    new = both.issue(USER, SESSION).value
    assert header_of(new)["kid"] != header_of(old)["kid"]
    assert tokens(NEXT_KEY).read(new)
    with pytest.raises(Unauthenticated):
        tokens(NEXT_KEY).read(old)


def test_key_id_gives_nothing_of_the_key_away() -> None:
    kid = header_of(tokens().issue(USER, SESSION).value)["kid"]
    assert kid not in KEY
    assert KEY not in repr(tokens())


def test_token_is_not_in_its_repr() -> None:
    issued = tokens().issue(USER, SESSION)
    assert issued.value not in repr(issued)


def unsigned() -> str:
    genuine = tokens().issue(USER, SESSION).value
    header = json.dumps(header_of(genuine) | {"alg": "none"}).encode()
    return base64.urlsafe_b64encode(header).decode().rstrip("=") + "." + genuine.split(".")[1] + "."


FORGERIES = {
    "unsigned": unsigned(),
    "signed by another key under our key id": forged(FOREIGN_KEY),
    "another algorithm": forged(KEY * 2, "HS512"),
    "another algorithm, our name for it": forged(KEY * 2, "HS512", header={"alg": "HS256"}),
    "unknown key id": forged(header={"kid": "0" * 16}),
    "key id that is a path": forged(header={"kid": "../../dev/null"}),
    "no key id": jwt.encode(claims_of(forged()), KEY, algorithm="HS256", headers={"typ": "at+jwt"}),
    "another type": forged(header={"typ": "JWT"}),
    "critical extension": forged(header={"crit": ["exp"]}),
    "another issuer": tokens(issuer="https://b.example").issue(USER, SESSION).value,
    "another audience": tokens(audience="mail").issue(USER, SESSION).value,
    "several audiences": forged(claims={"aud": ["api", "mail"]}),
    **{
        f"no {name}": forged(claims={name: None})
        for name in ("exp", "iat", "sub", "sid", "jti", "aud", "iss")
    },
    "user that is no id": forged(claims={"sub": "me"}),
    "session that is a filter": forged(claims={"sid": {"$ne": None}}),
    "fractional expiry": forged(claims={"exp": NOW.timestamp() + 60.5}),
    "expiry that is true": forged(claims={"exp": True}),
    "endless expiry": forged(claims={"exp": 10**400}),
    "id that is a number": forged(claims={"jti": 7}),
    "empty": "",
    "prose": "Bearer",
    "dots": "..",
    "not ASCII": "\u00e9.\u00e9.\u00e9",
    "lone surrogate": "\ud800.a.b",
    "overlong": "a" * 5_000_000,
    "changed payload": ".".join(
        [*forged().split(".")[:1], forged(claims={"sub": str(SESSION)}).split(".")[1], forged().split(".")[2]]
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_token_is_refused(name: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens().read(FORGERIES[name])


@pytest.mark.parametrize("keys", [(), ("hunter2",), (KEY, "s" * 31), (KEY, KEY)])
def test_bad_keys_stop_the_start_without_being_shown(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="JWT_KEYS") as caught:
        AccessTokens(keys, issuer="i", audience="a", now=lambda: NOW)
    assert not any(key in str(caught.value) for key in keys)
