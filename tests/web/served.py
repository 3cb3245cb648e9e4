"""A real uvicorn on a free port, in the tests' own loop, and a small schema that misbehaves on demand."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import strawberry
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from access.errors import Forbidden, NotFound, RateLimited
from resolvers.context import Context, Services
from resolvers.errors import BadUserInput
from schema.accounts.accounts import AccountMutations, AccountQueries
from schema.server import ServerQueries

Info = strawberry.Info[Context, None]


@strawberry.type
class Query(ServerQueries, AccountQueries):
    @strawberry.field
    def boom(self) -> str | None:
        raise RuntimeError("the secret plan")

    @strawberry.field
    def refuse(self, how: str) -> str | None:
        errors: dict[str, Exception] = {
            "forbidden": Forbidden("Not allowed."),
            "missing": NotFound("Project"),
            "limited": RateLimited(2.5),
            "input": BadUserInput("how", "Not like this."),
        }
        raise errors[how]

    @strawberry.field
    async def slow(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "done"

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def address(self, info: Info) -> str:
        return info.context.remote_address

    @strawberry.field
    def operation(self, info: Info) -> str:
        return f"{id(info.context):x}"


@strawberry.type
class Mutation(AccountMutations):
    @strawberry.mutation
    def shout(self, text: str) -> str:
        return text.upper()


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int, every_s: float = 0.0) -> AsyncIterator[int]:
        for number in range(to):
            yield number
            await asyncio.sleep(every_s)

    @strawberry.subscription
    async def fail(self) -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("the secret plan")


class LoopServer(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(frozen=True)
class Running:
    """A server that answers at `url`."""

    url: str
    app: Starlette
    services: Services

    @property
    def graphql(self) -> str:
        return f"{self.url}/graphql"

    async def post(self, body: object, *, accept: str = "application/json", **headers: str) -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.post(
                self.graphql, json=body, headers={"accept": accept, **headers}, timeout=20
            )

    async def query(self, document: str, variables: Mapping[str, Any] | None = None, **headers: str) -> Any:
        response = await self.post({"query": document, "variables": variables}, **headers)
        return response.json()

    def socket(self, protocol: str = "graphql-transport-ws", **options: Any) -> connect:
        return connect(self.graphql.replace("http", "ws"), subprotocols=[Subprotocol(protocol)], **options)


Serve = Callable[..., AbstractAsyncContextManager[Running]]


@asynccontextmanager
async def running(app: Starlette, services: Services, **config: Any) -> AsyncIterator[Running]:
    """Serve on a free port until the context is left."""
    listener = socket.create_server(("127.0.0.1", 0))
    # As asyncio does for its own sockets: else each answer over a kept connection waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    settings: dict[str, Any] = {
        "ws": "websockets-sansio",
        "ws_per_message_deflate": False,
        "proxy_headers": False,
        "log_config": None,
        "lifespan": "on",
        "timeout_graceful_shutdown": 1,
        "loop": "none",
        **config,
    }
    server = LoopServer(uvicorn.Config(app, **settings))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.01)
        yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", app, services)
    finally:
        server.should_exit = True
        await serving
        listener.close()


SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { tokens { accessToken } } }"


async def sign_up(server: Running) -> str:
    """Make an account; its access token."""
    variables = {
        "input": {"email": f"{uuid4().hex}@example.com", "password": "purple lantern", "name": "Ana"}
    }
    answer = await server.query(SIGN_UP, variables)
    return str(answer["data"]["signUp"]["tokens"]["accessToken"])


class Socket:
    """A graphql-transport-ws connection, message by message."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, message: object) -> None:
        await self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def receive(self) -> Any:
        async with asyncio.timeout(10):
            return json.loads(await self.connection.recv())

    async def subscribe(self, document: str, id: str = "1", **payload: Any) -> None:  # noqa: A002 - the protocol's word
        await self.send({"type": "subscribe", "id": id, "payload": {"query": document, **payload}})

    async def run(self, document: str, **payload: Any) -> list[Any]:
        """All messages of one operation."""
        await self.subscribe(document, **payload)
        messages = [await self.receive()]
        while messages[-1]["type"] not in {"complete", "error"}:
            messages.append(await self.receive())
        return messages

    async def close_code(self) -> tuple[int, str]:
        """How the server ends the connection, reading on until it does."""
        async with asyncio.timeout(10):
            while True:
                try:
                    await self.connection.recv()
                except ConnectionClosed:
                    break
        return self.connection.close_code or 0, self.connection.close_reason or ""


@asynccontextmanager
async def opened_socket(server: Running, **options: Any) -> AsyncIterator[Socket]:
    """A connection that has not introduced itself."""
    async with server.socket(**options) as connection:
        yield Socket(connection)


@asynccontextmanager
async def introduced_socket(server: Running, token: str | None = None) -> AsyncIterator[Socket]:
    """A connection that was acknowledged."""
    async with opened_socket(server) as socket:
        payload = {} if token is None else {"payload": {"authorization": f"Bearer {token}"}}
        await socket.send({"type": "connection_init", **payload})
        assert (await socket.receive())["type"] == "connection_ack"
        yield socket


async def tasks_are_gone(before: int) -> None:
    """Wait until no more tasks run than before."""
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > before:
            await asyncio.sleep(0.02)
