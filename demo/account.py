"""The account that the demo has at its own server: kept, so that its projects can be opened later."""

import json
import secrets
from pathlib import Path

from demo.client import Client
from demo.errors import Refused

NAME = "Demo"


async def enter(client: Client, keep_in: Path | None) -> str:
    """Sign in with the account that is kept, or else sign up; return the address.

    Args:
        client: is signed in afterwards.
        keep_in: file of the account; None makes one that nobody can enter again.
    """
    kept = None if keep_in is None else _kept(keep_in)
    if kept is not None:
        try:
            await client.sign_in(kept["email"], kept["password"])
        except Refused as refused:
            if refused.code != "INVALID":  # the data were removed, and the account with them
                raise
        else:
            return kept["email"]
    made = {"email": f"demo-{secrets.token_hex(4)}@example.com", "password": secrets.token_urlsafe(18)}
    await client.sign_up(made["email"], made["password"], NAME)
    if keep_in is not None:
        _keep(keep_in, made)
    return made["email"]


def _kept(file: Path) -> dict[str, str] | None:
    try:
        account: dict[str, str] = json.loads(file.read_text())
    except FileNotFoundError:
        return None
    return account


def _keep(file: Path, account: dict[str, str]) -> None:
    file.touch(mode=0o600)
    file.write_text(json.dumps(account, indent=2))
