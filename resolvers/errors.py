"""Requests that make no sense, refused before anything is touched.

BadUserInput      a value that no form of ours would send: a malformed id, cursor or combination
Unavailable       a part that the request needs does not answer now
"""


class BadUserInput(Exception):
    """A malformed argument.

    Args:
        field: path of the argument in the operation, such as `input.projectId`.
        message: what is wrong and what would be right.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class Unavailable(Exception):
    """A dependency is down; the client may try again.

    Args:
        message: which part, in words for an operator.
    """
