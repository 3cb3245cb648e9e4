"""GraphiQL, served from our own files."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

STATIC_DIR: Final = Path(__file__).parent / "static"
STATIC_PATH: Final = "/graphql/static"

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    # CodeMirror and React set style attributes as they lay out the editor.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def graphiql_response(request: Request) -> Response:
    """The page. It may load and call this server alone, and nobody may frame it."""
    scheme = "wss" if request.url.scheme == "https" else "ws"
    # Older browsers do not take 'self' for the WebSocket of the same host.
    policy = {**_POLICY, "connect-src": f"'self' {scheme}://{request.url.netloc}"}
    headers = {
        "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "vary": "accept",
    }
    return FileResponse(STATIC_DIR / "graphiql.html", headers=headers)
