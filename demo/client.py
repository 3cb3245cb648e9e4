"""A GraphQL client: operations over HTTP, subscriptions over WebSocket (graphql-transport-ws)."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from demo import operations
from demo.errors import DemoFailed, Refused

SILENCE_S: Final = 10.0
"""After so long without an event, the follower is told that there was none."""

_TIMEOUT_S: Final = 60.0
_RENEW_BEFORE_S: Final = 60.0  # of the access token's end
_RETRIES: Final = 40  # in a row without an event: about a minute and a half
_LONGEST_PAUSE_S: Final = 3.0
_PASSING: Final = frozenset({"UNAUTHENTICATED", "UNAVAILABLE", "RATE_LIMITED", "INTERNAL"})
_SUBPROTOCOL: Final = Subprotocol("graphql-transport-ws")


class Client:
    """One account at one server.

    Args:
        url: the server's, such as `http://127.0.0.1:8000`.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # Proxies from the environment are for the way out, not for this machine.
        self._is_local = urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=not self._is_local)
        self._tokens: dict[str, Any] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def sign_up(self, email: str, password: str, name: str) -> None:
        """Make an account and use it from now on."""
        given = {"email": email, "password": password, "name": name}
        self._tokens = (await self.mutate(operations.SIGN_UP, given))["tokens"]

    async def sign_in(self, email: str, password: str) -> None:
        """Use an account from now on.

        Raises:
            Refused: there is none with this password.
        """
        self._tokens = (await self.mutate(operations.SIGN_IN, {"email": email, "password": password}))[
            "tokens"
        ]

    async def mutate(self, document: str, given: dict[str, Any]) -> dict[str, Any]:
        """The payload of a mutation with one field and one `input`.

        Raises:
            Refused: an error, or the first of the user errors.
        """
        payload: dict[str, Any] = next(iter((await self.ask(document, {"input": given})).values()))
        for fault in payload["userErrors"]:
            where = f" ({fault['field']})" if fault["field"] else ""
            raise Refused(fault["code"], f"{fault['message']}{where}")
        return payload

    async def ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of a query or mutation.

        Raises:
            Refused: the answer holds errors.
            DemoFailed: there is no answer, or none from this API.
        """
        await self._renew()
        return await self._ask(document, variables)

    async def _ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        headers = {"accept": "application/graphql-response+json"}
        if self._tokens is not None:
            headers["authorization"] = f"Bearer {self._tokens['accessToken']}"
        try:
            response = await self._http.post(
                f"{self.url}/graphql", json={"query": document, "variables": variables}, headers=headers
            )
            answer = response.json()
        except (httpx.TransportError, json.JSONDecodeError) as error:
            raise DemoFailed(f"{self.url}/graphql gave no answer: {error or type(error).__name__}") from error
        _refuse_errors(answer.get("errors"))
        data: dict[str, Any] = answer["data"]
        return data

    async def follow(self, document: str, variables: dict[str, Any], after: str) -> AsyncGenerator[Any, None]:
        """The events of a subscription with one field, each once and in order, through dropped connections.

        Gives None where nothing came for `SILENCE_S`, so that the follower can look for itself.

        Args:
            document: takes `after`, and asks for each event's `cursor`.
            variables: all others.
            after: the cursor to begin behind.

        Raises:
            Refused: for good.
            DemoFailed: the server could not be reached again.
        """
        failures = 0
        while failures < _RETRIES:
            try:
                await self._renew()
                async with aclosing(self._subscribe(document, {**variables, "after": after})) as events:
                    async for event in events:
                        if event is not None:
                            after, failures = event["cursor"], 0
                        yield event
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, DemoFailed) as error:
                if isinstance(error, Refused) and error.code not in _PASSING:
                    raise
                if isinstance(error, ConnectionClosed) or getattr(error, "code", "") == "UNAUTHENTICATED":
                    self._expire()
            failures += 1
            await asyncio.sleep(min(_LONGEST_PAUSE_S, 0.1 * 2**failures))
            yield None
        raise DemoFailed(f"{self.url}/graphql cannot be reached any more.")

    async def _subscribe(self, document: str, variables: dict[str, Any]) -> AsyncGenerator[Any, None]:
        address = f"ws{self.url.removeprefix('http')}/graphql"
        token = "" if self._tokens is None else self._tokens["accessToken"]
        async with connect(
            address, subprotocols=[_SUBPROTOCOL], proxy=None if self._is_local else True, close_timeout=2
        ) as socket:
            introduction = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
            await socket.send(json.dumps(introduction))
            async with asyncio.timeout(SILENCE_S):
                while json.loads(await socket.recv())["type"] != "connection_ack":
                    pass
            operation = {"query": document, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
            while True:
                try:
                    async with asyncio.timeout(SILENCE_S):
                        message = json.loads(await socket.recv())
                except TimeoutError:
                    yield None
                    continue
                if message["type"] == "ping":
                    await socket.send(json.dumps({"type": "pong"}))
                elif message["type"] == "error":
                    _refuse_errors(message["payload"])
                elif message["type"] == "next":
                    _refuse_errors(message["payload"].get("errors"))
                    yield next(iter(message["payload"]["data"].values()))
                elif message["type"] == "complete":
                    return

    async def download(self, url: str, into: Path) -> None:
        """Fetch a file; `into` is there whole or not at all.

        Raises:
            DemoFailed: it could not be fetched.
        """
        into.parent.mkdir(parents=True, exist_ok=True)
        part = into.with_name(f"{into.name}.part")
        try:
            async with self._http.stream("GET", url) as response:
                response.raise_for_status()
                with part.open("wb") as file:
                    async for chunk in response.aiter_bytes():
                        file.write(chunk)
        except httpx.HTTPError as error:
            part.unlink(missing_ok=True)
            raise DemoFailed(f"The file could not be downloaded: {error}") from error
        part.replace(into)

    async def _renew(self) -> None:
        """Trade the refresh token, if the access token is about to end."""
        tokens = self._tokens
        if tokens is None:
            return
        ends = datetime.fromisoformat(tokens["accessExpiresAt"]).timestamp()
        if ends - time.time() > _RENEW_BEFORE_S:
            return
        # The old one in the header would do no harm; without it the answer cannot depend on it.
        self._tokens = None
        try:
            given = {"input": {"refreshToken": tokens["refreshToken"]}}
            payload = (await self._ask(operations.REFRESH_TOKENS, given))["refreshTokens"]
        except BaseException:
            self._tokens = tokens
            raise
        self._tokens = payload["tokens"]

    def _expire(self) -> None:
        """Renew the access token before it is used again."""
        if self._tokens is not None:
            self._tokens = {**self._tokens, "accessExpiresAt": "1970-01-01T00:00:00+00:00"}


def _refuse_errors(errors: list[dict[str, Any]] | None) -> None:
    for error in errors or ():
        raise Refused(error.get("extensions", {}).get("code", "ERROR"), error["message"])
