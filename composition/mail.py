"""How mails are written and sent, out of the settings."""

from composition.secrets import mail_tokens
from mail.post import FolderPost, SmtpPost, SmtpServer
from settings.sections import Settings
from tasks.letters.correspondence import Correspondence


def correspondence(settings: Settings) -> Correspondence:
    """How mails are written and sent."""
    smtp_url = settings.mail.smtp_url.get_secret_value()
    return Correspondence(
        post=SmtpPost(SmtpServer.parse(smtp_url))
        if smtp_url
        else FolderPost(settings.server.data_dir.resolve() / "mails"),
        tokens=mail_tokens(settings),
        sender=settings.mail.mail_from,
        app_url=app_url(settings),
    )


def app_url(settings: Settings) -> str:
    """Where links in mails lead: the frontend, or this API where none is named; no slash at its end."""
    return str(settings.mail.app_url or settings.server.public_url).rstrip("/")
