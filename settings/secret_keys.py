"""Keys that rotate: `kid:secret,kid:secret`, the first of which is used for what is new."""

from typing import Annotated

from pydantic import BeforeValidator, SecretStr

SHORTEST_SECRET = 32
"""Characters. HS256 wants a key as long as its digest."""

LONGEST_KEY_ID = 64


def parse_keys(value: object) -> object:
    """Read the pairs in their order.

    Raises:
        ValueError: a pair without a colon, a repeated id, or a secret that is too short.
    """
    if not isinstance(value, str):
        return value
    keys: dict[str, SecretStr] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        kid, colon, secret = pair.partition(":")
        if not colon or not kid or len(kid) > LONGEST_KEY_ID:
            raise ValueError("write it as kid:secret,kid:secret; the first key is used for what is new")
        if kid in keys:
            raise ValueError(f"the key id {kid!r} stands there twice")
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret of {kid!r} is shorter than {SHORTEST_SECRET} characters")
        keys[kid] = SecretStr(secret)
    if not keys:
        raise ValueError("at least one kid:secret is needed")
    return keys


RotatingKeys = Annotated[dict[str, SecretStr], BeforeValidator(parse_keys)]
"""Secrets by key id, newest first."""
