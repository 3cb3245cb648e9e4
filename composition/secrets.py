"""What signs and what seals, out of the settings."""

from access.challenges import Challenges
from access.guest_tokens import GuestTokens
from access.guests import Guests
from access.mail_tokens import MailTokens
from access.media_urls import MediaUrls
from access.sealing import Sealing
from access.tokens import AccessTokens
from composition.clock import utc_now
from settings.sections import Settings


def sealing(settings: Settings) -> Sealing:
    """What seals secrets that are kept."""
    keys = settings.access.secrets_keys
    return Sealing({key_id: key.get_secret_value() for key_id, key in keys.items()})


def mail_tokens(settings: Settings) -> MailTokens:
    """What signs the links in mails; the API reads them and workers write them."""
    return MailTokens([key.get_secret_value() for key in settings.access.secrets_keys.values()])


def media_urls(settings: Settings) -> MediaUrls:
    """What signs the addresses of stored files."""
    return MediaUrls(
        [key.get_secret_value() for key in settings.access.secrets_keys.values()],
        str(settings.server.public_url),
        now=utc_now,
    )


def access_tokens(settings: Settings) -> AccessTokens:
    """What signs and reads sessions' access tokens."""
    return AccessTokens(
        [key.get_secret_value() for key in settings.access.jwt_keys.values()],
        issuer=str(settings.server.public_url),
        audience="framewright",
        now=utc_now,
        lifetime_s=settings.access.access_token_lifetime_s,
    )


def guests(settings: Settings) -> Guests:
    """What signs and reads the tokens of those who come by a review link."""
    tokens = GuestTokens(
        [key.get_secret_value() for key in settings.access.jwt_keys.values()],
        issuer=str(settings.server.public_url),
        audience="framewright",
        now=utc_now,
    )
    return Guests(tokens, now=utc_now)


def challenges(settings: Settings) -> Challenges:
    """What ties the second step of a sign-in to the first."""
    return Challenges(
        [key.get_secret_value() for key in settings.access.jwt_keys.values()],
        issuer=str(settings.server.public_url),
        audience="framewright",
        now=utc_now,
    )
