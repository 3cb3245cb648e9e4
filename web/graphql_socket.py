"""graphql-transport-ws, with what Strawberry's handler leaves to its user."""

import asyncio
import copy
import dataclasses
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)

from access.errors import Unauthenticated
from resolvers.context import Context
from schema.guarding.masking import coded
from web.sign_in import bearer, sign_in

_log = structlog.get_logger("graphql.socket")


class SocketAdapter(ASGIWebSocketAdapter):
    """Sends text frames, as the protocol wants, although the JSON encoder makes bytes."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send one message."""
        await self.ws.send_text(self.view.encode_json_string(message))


class SocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One socket.

    What is no message of the protocol closes the socket with 4400 rather than ending it without a word.
    Each operation gets a context of its own, and finds out anew who asks, as it would over HTTP. The token is
    looked at again now and then, and at once when the person's rights change; when it is no longer good the
    socket is closed with 4403, upon which clients come back with a new one.
    """

    _watching: asyncio.Task[None] | None = None

    async def handle_message(self, message: Any) -> None:
        """Act on a message if it is one."""
        if (fault := message_fault(message)) is not None:
            await self.handle_invalid_message(fault)
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        """Sign the socket in, and begin to watch its token."""
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self.context.subject_id is not None and self._watching is None:
            self._watching = asyncio.create_task(self._watch(), name="socket-token-watch")

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Run one operation with a context that no other one shares."""
        alone = copy.copy(self)
        alone.context = dataclasses.replace(self.context)
        try:
            await alone.context.renew()
        except Unauthenticated as refused:
            await self.websocket.close(code=4403, reason=str(refused)[:120])
        except Exception as error:  # noqa: BLE001 - the session cannot be read: the table of errors has the answer
            found = GraphQLError(str(error), original_error=error)
            await operation.send_initial_errors([coded(found, request_id=self.context.request_id)])
        else:
            await super(SocketHandler, alone).run_operation(operation)

    async def shutdown(self) -> None:
        """Stop watching, and end all operations."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        await super().shutdown()

    async def _watch(self) -> None:
        every_s = self.context.request.app.state.options.reauthenticate_s
        with self.context.services.rights.alarm(self.context.subject_id) as alarm:
            while True:
                try:
                    await self.context.renew()
                except Unauthenticated as refused:
                    await self.websocket.close(code=4403, reason=str(refused)[:120])
                    return
                except Exception:  # noqa: BLE001 - whatever keeps the session from being read must not keep it unread
                    _log.warning("token_check_failed", request_id=self.context.request_id, exc_info=True)
                await alarm.wait(every_s)


async def sign_in_socket(context: Context) -> None:
    """Find out who the socket belongs to; nobody is fine.

    Raises:
        ConnectionRejectionError: a token came along and is not good.
    """
    try:
        await sign_in(context, bearer(context.request, context.connection_params))
    except Unauthenticated as refused:
        raise ConnectionRejectionError from refused


def message_fault(message: object) -> str | None:
    """Why this is no message of graphql-transport-ws, or None. Short enough for a close frame."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message is an object with a type"
    if message["type"] in {"subscribe", "complete"} and not (
        isinstance(message.get("id"), str) and message["id"]
    ):
        return "The message's id must be a string"
    if message["type"] == "subscribe":
        return _payload_fault(message.get("payload"))
    return None


def _payload_fault(payload: object) -> str | None:
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return "The payload's query must be a string"
    if not isinstance(payload.get("variables"), dict | None):
        return "The payload's variables must be an object"
    if not isinstance(payload.get("operationName"), str | None):
        return "The payload's operationName must be a string"
    return None
