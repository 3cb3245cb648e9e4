"""The own account and its ways in."""

from access.permissions import Permission
from tests.strangers.example import Example, NodeExample
from tests.strangers.people import PASSWORD

EXAMPLES = {
    "version": Example(is_harmless=True),
    "viewer": Example(is_own=True),
    "signUp": Example(
        lambda _: {"input": {"email": "new@example.com", "password": "amber lighthouse", "name": "New"}},
        by="anonymous",
        forged=lambda w: {
            "input": {"email": w.owner.email.upper(), "password": "amber lighthouse", "name": "Thief"}
        },
        unseen="TAKEN",
    ),
    "signIn": Example(
        lambda w: {"input": {"email": w.owner.email, "password": PASSWORD}},
        by="anonymous",
        forged=lambda w: {"input": {"email": w.owner.email, "password": "violet lantern"}},
        unseen="INVALID",
    ),
    "refreshTokens": Example(
        lambda w: {"input": {"refreshToken": w.owner.refresh_token}},
        by="anonymous",
        forged=lambda w: {"input": {"refreshToken": forged_refresh_token(w.owner.refresh_token)}},
        unseen="UNAUTHENTICATED",
    ),
    "signOut": Example(is_own=True, variables=lambda _: {"input": {}}),
}

NODES = {"User": NodeExample(lambda w: w.user_gid("owner"), needs=Permission.ACCOUNT_VIEW)}


def forged_refresh_token(genuine: str) -> str:
    """The session's id is right and the secrets are made up."""
    return genuine[:-20] + "A" * 20
