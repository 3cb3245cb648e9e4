"""Why a request is refused as a whole.

AccessRefused
├── Unauthenticated   nobody, or no longer anybody, is signed in
├── Forbidden         signed in, the thing is visible, the act is not allowed
├── NotFound          does not exist, or may not be seen: the two are never told apart
└── RateLimited       too much, too often; says when to come back
"""


class AccessRefused(Exception):
    """A request that ends here; the message is shown to the client as it stands."""


class Unauthenticated(AccessRefused):
    """Nobody is signed in, or the token has expired or was revoked."""

    def __init__(self, message: str = "Sign in first: send `Authorization: Bearer <access token>`.") -> None:
        super().__init__(message)


class Forbidden(AccessRefused):
    """The viewer sees the thing but may not do this to it."""


class NotFound(AccessRefused):
    """The thing does not exist for this viewer.

    Args:
        kind: what was looked for, as the schema names it (`Project`, `Frame`).
    """

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} not found.")
        self.kind = kind


class RateLimited(AccessRefused):
    """Too many requests.

    Args:
        retry_after_s: seconds until the next one is accepted.
    """

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after_s:.0f} s.")
        self.retry_after_s = retry_after_s
