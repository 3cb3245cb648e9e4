"""Which mails there are, and what each of them tells."""

from enum import StrEnum


class MailTemplate(StrEnum):
    """A kind of mail. Its texts stand in `templates/<language>.toml` under its name."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a kind of mail, not a secret
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - likewise
    CHANGE_EMAIL = "CHANGE_EMAIL"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    SIGN_IN_LOCKED = "SIGN_IN_LOCKED"
    COMPANY_INVITATION = "COMPANY_INVITATION"
    PROJECT_INVITATION = "PROJECT_INVITATION"
    PROJECT_SHARED = "PROJECT_SHARED"
    DATA_EXPORTED = "DATA_EXPORTED"
    ACCOUNT_DELETED = "ACCOUNT_DELETED"

    @property
    def values(self) -> frozenset[str]:
        """Names of the texts that the mail mentions, the link apart."""
        return _VALUES[self]


_VALUES = {
    MailTemplate.VERIFY_EMAIL: frozenset({"name"}),
    MailTemplate.RESET_PASSWORD: frozenset({"name"}),
    MailTemplate.PASSWORD_CHANGED: frozenset({"name"}),
    MailTemplate.CHANGE_EMAIL: frozenset({"name"}),
    MailTemplate.EMAIL_CHANGED: frozenset({"name", "new_email"}),
    MailTemplate.SIGN_IN_LOCKED: frozenset({"name"}),
    MailTemplate.COMPANY_INVITATION: frozenset({"inviter", "company", "role"}),
    MailTemplate.PROJECT_INVITATION: frozenset({"inviter", "project"}),
    MailTemplate.PROJECT_SHARED: frozenset({"name", "inviter", "project"}),
    MailTemplate.DATA_EXPORTED: frozenset({"name"}),
    MailTemplate.ACCOUNT_DELETED: frozenset({"name"}),
}
