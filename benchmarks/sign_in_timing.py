"""Whether the time that a refused sign-in takes tells if the address has an account.

Tries of several kinds, in random order and one after another, each from an IP address of its own and with
an e-mail address that is tried once: unknown ones, and those of accounts of several kinds with a wrong
password. They go straight into the application, without a network, whose jitter would only help us. For each
kind the chance is named that one of its tries takes longer than one with an unknown address (the area under
the ROC curve, 0.5 for two kinds that cannot be told apart), with its 95 % interval, and the ratio of medians.
Every other try with an unknown address beside the rest of them shows what the machine's own noise makes of
two kinds that are the same.

Then all of it again with a password hash that costs next to nothing, to see what stands behind it.

    python -m benchmarks.sign_in_timing --tries 300
"""

import argparse
import asyncio
import ipaddress
import json
import math
import random
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
from beanie import PydanticObjectId
from starlette.applications import Starlette

from access.built_in_roles import USER
from access.passwords import Passwords
from app import create_app
from composition.logs import configure_logs
from devstack.stack import Stack, StackAddresses
from documents.accounts.user import User
from settings.development import development_secrets
from settings.environment import load_settings, variable

RESULT: Final = Path(__file__).with_name("results") / "sign_in_timing.json"
Took = dict[str, list[float]]
"""Seconds of all tries by their kind."""

UNKNOWN: Final = "unknown address"
KINDS: Final[dict[str, dict[str, Any]]] = {
    "wrong password": {},
    "account without a password": {"password_hash": None},
    "suspended account": {"is_suspended": True},
    "unverified address": {"email_verified_at": None},
}
"""Accounts by what is special about them."""

SIGN_IN: Final = (
    "mutation($email: String!, $password: String!) "
    "{ signIn(input: {email: $email, password: $password}) { userErrors { code message } } }"
)
_Z_95: Final = 1.96


@dataclass(frozen=True)
class Compared:
    """Two kinds of tries.

    Args:
        ratio: of the medians.
        chance: that a try of the second kind takes longer than one of the first.
        spread: half of the 95 % interval around `chance`.
    """

    ratio: float
    chance: float
    spread: float

    @property
    def is_told_apart(self) -> bool:
        """Whether 0.5 lies outside of the interval."""
        return abs(self.chance - 0.5) > self.spread


def compare(first: Sequence[float], second: Sequence[float]) -> Compared:
    """Mann-Whitney's U as a chance, with DeLong's variance of it."""
    a, b = np.asarray(first), np.asarray(second)
    wins = (b[:, None] > a[None, :]) + 0.5 * (b[:, None] == a[None, :])
    variance = wins.mean(axis=1).var(ddof=1) / len(b) + wins.mean(axis=0).var(ddof=1) / len(a)
    return Compared(
        ratio=float(np.median(b) / np.median(a)),
        chance=float(wins.mean()),
        spread=_Z_95 * math.sqrt(float(variance)),
    )


async def furnish(tries: int, passwords: Passwords) -> dict[str, list[str]]:
    """Store the accounts, one for each try; the addresses of each kind."""
    now = datetime.now(UTC)
    password_hash = await passwords.hash(secrets.token_urlsafe(16))
    addresses: dict[str, list[str]] = {UNKNOWN: [_address() for _ in range(tries)]}
    for kind, values in KINDS.items():
        addresses[kind] = [_address() for _ in range(tries)]
        given: dict[str, Any] = {
            "name": "Ana",
            "password_hash": password_hash,
            "email_verified_at": now,
            "role_id": USER.id,
            "created_at": now,
            "updated_at": now,
        } | values
        users = [User(email=each, email_key=each, **given) for each in addresses[kind]]
        await User.insert_many(users)
    return addresses


def _address() -> str:
    return f"{PydanticObjectId()}@example.com"


async def attempt(app: Starlette, address: str) -> float:
    """One sign-in with a password that nobody has; how many seconds the answer took."""
    client_ip = str(ipaddress.IPv4Address(0x0A000000 + random.getrandbits(24)))
    transport = httpx.ASGITransport(app, client=(client_ip, 40_000))
    body = {"query": SIGN_IN, "variables": {"email": address, "password": "a wrong password"}}
    async with httpx.AsyncClient(transport=transport, base_url="http://studio.example") as client:
        begun = time.perf_counter()
        response = await client.post("/graphql", json=body)
        took_s = time.perf_counter() - begun
    errors = response.json()["data"]["signIn"]["userErrors"]
    assert [each["code"] for each in errors] == ["INVALID"], errors
    return took_s


async def measure(addresses: StackAddresses, folder: Path, tries: int) -> tuple[Took, Took]:
    """All tries, and as many again with a hash that costs nothing."""
    given = {
        variable(name): str(getattr(addresses, name))
        for name in ("mongodb_url", "redis_url", "s3_endpoint", "s3_access_key", "s3_secret_key")
    }
    settings = load_settings(given, fallback=development_secrets(folder))
    configure_logs("ERROR")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        real = app.state.services.passwords
        quick = Passwords(time_cost=1, memory_kib=64, lanes=1)
        whole = await attempt_all(app, tries, real)
        app.state.services = replace(app.state.services, passwords=quick)
        rest = await attempt_all(app, tries, quick)
        quick.close()
    return whole, rest


async def attempt_all(app: Starlette, tries: int, passwords: Passwords) -> Took:
    """Rounds of one try of each kind in random order, so that the machine is as busy for all."""
    by_kind = await furnish(tries, passwords)
    for _ in range(20):  # caches, connections, the hasher's threads
        await attempt(app, _address())
    took: Took = {kind: [] for kind in by_kind}
    for number in range(tries):
        for kind in random.sample(sorted(by_kind), len(by_kind)):
            took[kind].append(await attempt(app, by_kind[kind][number]))
    return took


def report(took: Took, what: str) -> dict[str, Any]:
    """Every kind beside the unknown address, and the unknown address beside itself."""
    unknown = took[UNKNOWN]
    found = {"(unknown address, every other try)": compare(unknown[::2], unknown[1::2])}
    found |= {kind: compare(unknown, took[kind]) for kind in KINDS}
    print(f"\n{what}; median with an unknown address {np.median(unknown) * 1_000:.1f} ms")
    print(f"{'beside an unknown address':<36}{'median ratio':>14}{'chance':>10}{'±95 %':>8}")
    for kind, each in found.items():
        told = "   told apart" if each.is_told_apart else ""
        print(f"{kind:<36}{each.ratio:>14.3f}{each.chance:>10.3f}{each.spread:>8.3f}{told}")
    return {kind: asdict(one) for kind, one in found.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tries", type=int, default=300, help="of each kind")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="framewright-") as name:
        stack = Stack(Path(name))
        addresses = stack.start()
        try:
            whole, rest = asyncio.run(measure(addresses, Path(name), options.tries))
        finally:
            stack.stop()
    figures = {
        "tries": options.tries,
        "sign_in": report(whole, "Sign-in as it is"),
        "without_the_hash": report(rest, "Sign-in with a password hash that costs nothing"),
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
