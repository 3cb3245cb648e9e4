"""`GET /auth/{provider}/start` and `/callback`: to a provider and back.

What must be kept meanwhile goes along in a sealed cookie. The answer reaches the web application as a code
for one use in the fragment of its address, which browsers send to nobody; only the page that began can trade
it in, because it keeps a text whose digest came along at the start.
"""

import secrets
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.errors import RateLimited
from access.identity_providers import Departure, ForeignIdentity, IdentityProvider, ProviderFailed
from access.proof_codes import code_hash, is_challenge, new_code
from access.sealing import SealBroken
from documents.accounts.identity import key_of
from documents.accounts.identity_proof import LIFETIME, IdentityProof
from resolvers.context import Services
from web.refusals import refusal_response

_COOKIE: Final = "framewright-sign-in"
_COOKIE_LIFETIME_S: Final = 600
_PATH: Final = "/auth/"
_LONGEST_CODE: Final = 4_096
_log = structlog.get_logger("auth")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the browser carries from the start to the answer, sealed.

    Args:
        provider: to which it was sent.
        state: that the answer must bring back.
        code_verifier: PKCE's.
        nonce: that the ID token must have.
        challenge: of the page that began.
        expires_s: Unix time from which it is worth nothing.
    """

    provider: str
    state: str
    code_verifier: str
    nonce: str
    challenge: str
    expires_s: int


async def start(request: Request) -> Response:
    """Send the browser to a provider."""
    services: Services = request.app.state.services
    provider = services.identity_providers.get(request.path_params["provider"])
    if provider is None:
        return refusal_response(404, "There is no such provider.")
    challenge = request.query_params.get("challenge", "")
    if not is_challenge(challenge):
        text = (
            "Send `challenge`: the base64url of the SHA-256 of a random text, 43 characters, without padding."
        )
        return refusal_response(400, text)
    try:
        await services.rate_limits.count_arrival(_address(request))
        departure = await provider.depart()
    except RateLimited:
        return _to_app(request, "error=RATE_LIMITED")
    except ProviderFailed as failure:
        return _failed(request, provider, failure)
    response = _redirect(departure.url)
    _keep(request, response, provider, departure, challenge)
    return response


async def callback(request: Request) -> Response:
    """Take a provider's answer and send the browser on to the web application."""
    services: Services = request.app.state.services
    provider = services.identity_providers.get(request.path_params["provider"])
    if provider is None:
        return refusal_response(404, "There is no such provider.")
    given = request.query_params
    kept = _kept(request, provider, given.get("state", ""))
    if kept is None:
        return _to_app(request, "error=EXPIRED")
    if "error" in given:
        denied = given["error"] == "access_denied"
        return _forget(request, _to_app(request, "error=DENIED" if denied else "error=FAILED"), kept)
    try:
        await services.rate_limits.count_arrival(_address(request))
        found = await provider.arrive(
            given.get("code", "")[:_LONGEST_CODE],
            code_verifier=kept.code_verifier,
            nonce=kept.nonce,
            issuer=given.get("iss"),
        )
    except RateLimited:
        return _forget(request, _to_app(request, "error=RATE_LIMITED"), kept)
    except ProviderFailed as failure:
        return _forget(request, _failed(request, provider, failure), kept)
    code = await _store(services, provider, found, kept)
    return _forget(request, _to_app(request, f"code={code}"), kept)


async def _store(services: Services, provider: IdentityProvider, found: ForeignIdentity, kept: _Kept) -> str:
    code = new_code()
    proof = IdentityProof(
        code_hash=code_hash(code),
        challenge=kept.challenge,
        provider=provider.key,
        key=key_of(found.issuer, found.subject),
        email=found.email,
        is_email_verified=found.is_email_verified,
        name=found.name,
        locale=found.locale,
        expires_at=services.now() + LIFETIME,
    )
    await proof.insert()
    return code


def _keep(
    request: Request, response: Response, provider: IdentityProvider, departure: Departure, challenge: str
) -> None:
    services: Services = request.app.state.services
    kept = _Kept(
        provider.key,
        departure.state,
        departure.code_verifier,
        departure.nonce,
        challenge,
        int(services.now().timestamp()) + _COOKIE_LIFETIME_S,
    )
    sealed = services.sealing.seal(_COOKIE, orjson.dumps(asdict(kept)))
    # A cookie for each start: people open two tabs.
    response.set_cookie(
        _cookie_name(departure.state),
        sealed,
        max_age=_COOKIE_LIFETIME_S,
        path=_PATH,
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",  # comes along when a provider's page leads back here, and with nothing else foreign
    )


def _kept(request: Request, provider: IdentityProvider, state: str) -> _Kept | None:
    """What this browser was given at the start with this state; None if it was another, or is too late."""
    services: Services = request.app.state.services
    sealed = request.cookies.get(_cookie_name(state))
    if sealed is None:
        return None
    try:
        kept = _Kept(**orjson.loads(services.sealing.open(_COOKIE, sealed)))
    except (SealBroken, ValueError, TypeError):
        return None
    is_same = secrets.compare_digest(kept.state.encode(), state.encode("utf-8", "surrogatepass"))
    is_in_time = services.now().timestamp() < kept.expires_s
    return kept if is_same and is_in_time and kept.provider == provider.key else None


def _cookie_name(state: str) -> str:
    return f"{_COOKIE}-{''.join(each for each in state[:12] if each.isascii() and each.isalnum())}"


def _forget(request: Request, response: Response, kept: _Kept) -> Response:
    response.delete_cookie(
        _cookie_name(kept.state), path=_PATH, secure=_is_secure(request), httponly=True, samesite="lax"
    )
    return response


def _failed(request: Request, provider: IdentityProvider, failure: ProviderFailed) -> Response:
    _log.warning("provider_failed", provider=provider.key, reason=str(failure)[:300])
    return _to_app(request, "error=FAILED")


def _to_app(request: Request, fragment: str) -> Response:
    return _redirect(f"{request.app.state.options.app_url}/sign-in#{quote(fragment, safe='=-_')}")


def _redirect(url: str) -> Response:
    response = RedirectResponse(url, 303)
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return response


def _is_secure(request: Request) -> bool:
    return urlsplit(str(request.app.state.options.public_url)).scheme == "https"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
