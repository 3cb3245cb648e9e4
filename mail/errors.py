"""Why a mail did not go out.

MailFailed
├── MailDelayed    the server is away, busy, or wants it later: trying again may help
└── MailRefused    the server will never take it: no such mailbox, or an address that it cannot write to
"""


class MailFailed(Exception):
    """The mail was not handed over; the message names the server's answer, never the mail's contents."""


class MailDelayed(MailFailed):
    """Not now."""


class MailRefused(MailFailed):
    """Never."""
