"""Links of mails about accounts, as they come back."""

from typing import Any

from beanie import PydanticObjectId

from access.mail_tokens import LinkPurpose, TokenForged
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode


def link_id(context: Context, purpose: LinkPurpose, token: str) -> PydanticObjectId | None:
    """What a token names, None for a forged one or one of another purpose."""
    try:
        return context.services.mail_tokens.read(purpose, token)
    except TokenForged:
        return None


def not_good() -> Outcome[Any]:
    """The answer to a link that is forged, used up, expired or overtaken; which of them is not told."""
    text = "This link is not valid any more: it was used, has expired or was replaced. Ask for a new one."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.token")
