"""How mails are written here: who they come from, where their links lead, who carries them."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from beanie import PydanticObjectId

from access.mail_tokens import LinkPurpose, MailTokens
from mail.post import Post
from mail.template import MailTemplate

_LINKS: Final = MappingProxyType(
    {
        MailTemplate.VERIFY_EMAIL: (LinkPurpose.VERIFY_EMAIL, "verify-email"),
        MailTemplate.RESET_PASSWORD: (LinkPurpose.RESET_PASSWORD, "reset-password"),
        MailTemplate.CHANGE_EMAIL: (LinkPurpose.CHANGE_EMAIL, "confirm-email"),
        MailTemplate.COMPANY_INVITATION: (LinkPurpose.COMPANY_INVITATION, "company-invitation"),
        MailTemplate.PROJECT_INVITATION: (LinkPurpose.PROJECT_INVITATION, "project-invitation"),
    }
)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The parts that mails are made with.

    Args:
        post: carries them away.
        tokens: signs their links.
        sender: `Name <address>` or an address.
        app_url: address of the web application, without a slash at its end.
    """

    post: Post
    tokens: MailTokens
    sender: str
    app_url: str

    def link(self, template: MailTemplate, about: PydanticObjectId) -> str:
        """Where a mail's button leads.

        The token stands in the fragment, which browsers send to no server: it gets into no log and no
        `Referer`.

        Args:
            template: the kind of mail; one without a page of its own leads to the application's start.
            about: the document that the link names.
        """
        if template not in _LINKS:
            return f"{self.app_url}/"
        purpose, page = _LINKS[template]
        return f"{self.app_url}/{page}#token={self.tokens.token(purpose, about)}"
