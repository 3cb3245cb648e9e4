import base64
import itertools

import pytest
from beanie import PydanticObjectId

from access.mail_tokens import LinkPurpose, MailTokens, TokenForged

OLD, NEW = "o" * 32, "n" * 32


def test_a_token_names_its_document_and_is_the_same_each_time() -> None:
    tokens, document_id = MailTokens([NEW]), PydanticObjectId()
    token = tokens.token(LinkPurpose.VERIFY_EMAIL, document_id)
    assert token == tokens.token(LinkPurpose.VERIFY_EMAIL, document_id)
    assert tokens.read(LinkPurpose.VERIFY_EMAIL, f" {token}\n") == document_id


def test_a_rotated_secret_still_opens_what_it_signed_until_it_is_dropped() -> None:
    document_id = PydanticObjectId()
    token = MailTokens([OLD]).token(LinkPurpose.VERIFY_EMAIL, document_id)
    assert MailTokens([NEW, OLD]).read(LinkPurpose.VERIFY_EMAIL, token) == document_id
    with pytest.raises(TokenForged):
        MailTokens([NEW]).read(LinkPurpose.VERIFY_EMAIL, token)


def test_a_token_of_one_purpose_opens_nothing_of_another() -> None:
    tokens = MailTokens([NEW])
    token = tokens.token(LinkPurpose.VERIFY_EMAIL, PydanticObjectId())
    for purpose in set(LinkPurpose) - {LinkPurpose.VERIFY_EMAIL}:
        with pytest.raises(TokenForged):
            tokens.read(purpose, token)


def forgeries() -> list[str]:
    token = MailTokens([NEW]).token(LinkPurpose.RESET_PASSWORD, PydanticObjectId())
    raw = bytearray(base64.urlsafe_b64decode(token.removeprefix("fwm_") + "=="))
    raw[3] ^= 1
    other = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    return ["", "fwm_", token[:-2], token[4:], f"fwm_{other}", f"{token}A", "fwm_\ud800", "fwm_é" + token]


@pytest.mark.parametrize("forgery", forgeries(), ids=itertools.count())
def test_a_forgery_is_refused(forgery: str) -> None:
    with pytest.raises(TokenForged):
        MailTokens([NEW]).read(LinkPurpose.RESET_PASSWORD, forgery)


@pytest.mark.parametrize("secrets", [[], ["short"]])
def test_weak_secrets_are_refused(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        MailTokens(secrets)


def test_secrets_are_not_shown() -> None:
    assert NEW not in repr(MailTokens([NEW]))
