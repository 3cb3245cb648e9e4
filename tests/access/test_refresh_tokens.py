import base64

import pytest
from beanie import PydanticObjectId

from access.errors import Unauthenticated
from access.refresh_tokens import RefreshToken

SESSION = PydanticObjectId()


def test_revealed_token_can_be_taken_apart_again() -> None:
    token = RefreshToken.first(SESSION)
    assert RefreshToken.parse(token.reveal()) == token


def test_next_token_shares_the_family_and_nothing_else() -> None:
    token = RefreshToken.first(SESSION)
    following = token.next()
    assert (following.session_id, following.family_hash) == (token.session_id, token.family_hash)
    assert following.own_hash != token.own_hash
    assert len(following.own_secret) == 32


def test_secrets_are_in_no_repr_and_no_string() -> None:
    token = RefreshToken.first(SESSION)
    for shown in (repr(token), str(token), f"{token}"):
        assert repr(token.own_secret) not in shown
        assert token.reveal() not in shown
        assert token.reveal()[30:60] not in shown


def test_digests_are_not_the_secrets() -> None:
    token = RefreshToken.first(SESSION)
    assert token.own_hash != token.own_secret
    assert token.family_hash != token.family_secret


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fwr_",
        "fwr_????",
        "fwr_" + "a" * 4,
        "fwr_" + base64.urlsafe_b64encode(bytes(75)).decode(),
        "fwr_" + base64.urlsafe_b64encode(bytes(77)).decode(),
        "fwr_" + "a" * 1_000_000,
        "FWR_" + base64.urlsafe_b64encode(bytes(76)).decode(),
        "fwr_\u00e9\ud800",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        RefreshToken.parse(text)
