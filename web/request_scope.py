"""Around every request: its id, its line in the log, its count."""

import re
import secrets
import time
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.metrics import Metrics
from web.refusals import defect_response

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ROUTES: Final = ("/graphql", "/health/live", "/health/ready", "/metrics")

_log = structlog.get_logger("http")


def _route(path: str) -> str:
    if path.startswith("/media/"):
        return "/media"
    if path.startswith("/auth/"):
        return "/auth"
    return path if path in _ROUTES else "other"


class RequestScope:
    """Middleware. A client's `X-Request-ID` is taken over when it is harmless, and always sent back.

    The log names method, path, status and time; never a query string, header or body.

    Args:
        app: what is wrapped.
        metrics: counts.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _SANE_ID.fullmatch(given) else secrets.token_hex(16)
        # A state of this request's own: the server shares the one of the lifespan.
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["type"] == "http":
                await self._request(scope, receive, send, request_id)
            else:
                await self._socket(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started_s = time.perf_counter()
        status = 0

        async def send_identified(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_identified)
        except Exception as error:
            if status:
                raise  # half an answer is out: the server breaks the connection off
            await defect_response(error, request_id)(scope, receive, send_identified)
        finally:
            path = scope["path"]
            self._metrics.request(_route(path), status)
            if not path.startswith("/health/"):
                took_ms = round((time.perf_counter() - started_s) * 1_000, 1)
                _log.info("request", method=scope["method"], path=path, status=status, duration_ms=took_ms)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        started_s = time.perf_counter()
        is_open = False
        code = 0

        async def send_counted(message: Message) -> None:
            nonlocal is_open, code
            if message["type"] == "websocket.accept":
                is_open = True
                self._metrics.sockets.inc()
            elif message["type"] == "websocket.close":
                code = message.get("code", 1000)
            await send(message)

        async def receive_noted() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = code or message.get("code", 1005)
            return message

        try:
            await self._app(scope, receive_noted, send_counted)
        except Exception:  # noqa: BLE001 - the outermost frame of a socket
            _log.exception("socket_failed", path=scope["path"])
            if is_open:
                await send({"type": "websocket.close", "code": 1011})
                code = 1011
        finally:
            if is_open:
                self._metrics.sockets.dec()
            took_s = round(time.perf_counter() - started_s, 1)
            _log.info("socket", path=scope["path"], was_open=is_open, code=code, duration_s=took_s)
