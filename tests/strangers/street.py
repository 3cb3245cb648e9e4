"""Where everybody meets: the server, the world behind it, and what happens there."""

import ssl
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx

from tests.strangers.people import Caller
from tests.strangers.snapshot import Traces
from tests.strangers.world import World
from tests.web.served import Running

TLS = ssl.create_default_context()
"""Made once: nothing here is encrypted, and a client would make one for itself."""


@dataclass
class Street:
    """One server and one world."""

    server: Running
    world: World
    traces: Traces
    connections: AsyncExitStack
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def client(self, caller: Caller) -> httpx.AsyncClient:
        """A connection of the caller's own: a pool that many share takes longer than what it sends."""
        if caller.name not in self.clients:
            made = httpx.AsyncClient(base_url=self.server.url, headers=caller.headers, timeout=30, verify=TLS)
            self.clients[caller.name] = await self.connections.enter_async_context(made)
        return self.clients[caller.name]
