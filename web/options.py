"""Plain values that the HTTP side is built from."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """How the API is offered.

    Args:
        max_body_bytes: of a request; a WebSocket message has uvicorn's own limit.
        body_timeout_s: how long a client may take to send its request.
        connection_init_timeout_s: how long a WebSocket may take to introduce itself.
        reauthenticate_s: how often the token behind an open socket or stream is looked at again.
        max_operations_per_socket: open at a time.
        allowed_origins: web origins besides the server's own, `https://host[:port]`.
        trusted_proxies: addresses or networks whose X-Forwarded headers are believed.
        graphiql_dir: where GraphiQL's files lie; None to show none.
        allow_get: whether queries may come as GET.
        public_url: where browsers reach the server, without a slash at its end.
        app_url: where the web application is, likewise; signing in through a provider ends there.
        probe_timeout_s: after which a dependency counts as down.
    """

    max_body_bytes: int = 1_048_576
    body_timeout_s: float = 30.0
    connection_init_timeout_s: float = 10.0
    reauthenticate_s: float = 15.0
    max_operations_per_socket: int = 100
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    graphiql_dir: Path | None = None
    allow_get: bool = False
    public_url: str = "http://127.0.0.1:8000"
    app_url: str = "http://127.0.0.1:8000"
    probe_timeout_s: float = 2.0
