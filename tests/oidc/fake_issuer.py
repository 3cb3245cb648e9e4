"""An issuer that lies on demand: what a genuine provider cannot be made to answer."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
ACCESS_TOKEN = "an-access-token"


@dataclass
class FakeIssuer:
    """Answers what it is told to.

    Args:
        url: where it is, set once it is known.
        metadata: in the place of the true ones.
        token_answer: of the token endpoint.
        token_status: likewise.
    """

    url: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    token_answer: Any = None
    token_status: int = 200

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/jwks", self._jwks),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def true_metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    async def _metadata(self, _request: Request) -> Response:
        return JSONResponse({**self.true_metadata(), **self.metadata})

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def _token(self, _request: Request) -> Response:
        return JSONResponse(self.token_answer, self.token_status)


def signed(claims: dict[str, Any], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def unsigned(claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()) for each in ({"alg": "none"}, claims)]
    return b".".join([part.rstrip(b"=") for part in parts]).decode() + "."


def signed_with_public_key(claims: dict[str, Any]) -> str:
    """The classic confusion: the public key taken for a shared secret. Libraries refuse to make it."""
    head, body, _ = unsigned(claims).split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
    mac = hmac.new(KEY.as_pem(private=False), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def signed_with_client_secret(claims: dict[str, Any], secret: str) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))
