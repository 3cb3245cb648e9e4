"""Others who vouch for people: OpenID Connect issuers, and GitHub, which speaks OAuth 2 alone."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import httpx2
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin  # type: ignore[import-untyped]
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin  # type: ignore[import-untyped]
from authlib.integrations.base_client.sync_app import BaseApp  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]
from joserfc.errors import JoseError

_T = TypeVar("_T")
_TIMEOUT_S: Final = 10.0
_LONGEST_SUBJECT: Final = 255  # characters, by OpenID Connect Core 2
_ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"}
)
"""Signatures of ID tokens that are believed, if the issuer says that it makes them. None is with a shared
secret."""

_IN_BODY: Final = "client_secret_post"
_GITHUB: Final = "https://github.com"


class ProviderFailed(Exception):
    """The provider could not be reached, refused, or answered what is not to be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOptions:
    """A provider as the operator named it.

    Args:
        key: in addresses, such as `google`.
        name: what people see.
        issuer: of OpenID Connect, without a slash at its end; for GitHub where its pages are.
        client_id: of this installation, as the provider gave it.
        client_secret: that goes with it.
        scope: what is asked for.
        is_github: whether it speaks GitHub's OAuth 2 instead of OpenID Connect.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    is_github: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody is sent to a provider; what must be kept, bound to the browser, to recognise the return.

    Args:
        url: where to.
        state: comes back with the answer.
        code_verifier: PKCE's; only its digest is sent along.
        nonce: stands in the ID token; empty for GitHub.
    """

    url: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForeignIdentity:
    """Whom a provider vouches for.

    Args:
        issuer: who vouches.
        subject: the person's id there; never changes and is never given to another.
        email: the person's address there, None if it is not told.
        is_email_verified: whether the provider knows that the person reads mail there.
        name: as the person is called there, maybe empty.
        locale: as the provider has it, maybe empty or no language tag of ours.
    """

    issuer: str
    subject: str
    email: str | None
    is_email_verified: bool
    name: str
    locale: str


class _Client(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc]  # Authlib is untyped
    client_cls = AsyncOAuth2Client


class IdentityProvider:
    """One provider, spoken to by Authlib: authorization code flow with PKCE (S256).

    Args:
        options: as the operator named it.
        public_url: of this installation, without a slash at its end.
    """

    def __init__(self, options: ProviderOptions, public_url: str) -> None:
        self.key = options.key
        self.name = options.name
        self.redirect_uri = f"{public_url}/auth/{options.key}/callback"
        self._options = options
        given: dict[str, Any] = {
            "client_id": options.client_id,
            "client_secret": options.client_secret,
            "client_kwargs": {
                "scope": options.scope,
                "code_challenge_method": "S256",
                "timeout": _TIMEOUT_S,
                "follow_redirects": False,
            },
        }
        if options.is_github:
            given["authorize_url"] = f"{options.issuer}/login/oauth/authorize"
            given["access_token_url"] = f"{options.issuer}/login/oauth/access_token"
            is_public = options.issuer == _GITHUB
            given["api_base_url"] = "https://api.github.com/" if is_public else f"{options.issuer}/api/v3/"
            given["client_kwargs"]["token_endpoint_auth_method"] = _IN_BODY
        else:
            given["server_metadata_url"] = f"{options.issuer}/.well-known/openid-configuration"
        self._client = _Client(None, name=options.key, **given)

    def __repr__(self) -> str:
        return f"IdentityProvider({self._options!r})"

    async def depart(self) -> Departure:
        """Where to send somebody, with new secrets.

        Raises:
            ProviderFailed: the provider does not say where.
        """
        made: dict[str, str] = await self._asked(self._departure())
        return Departure(made["url"], made["state"], made["code_verifier"], made.get("nonce", ""))

    async def arrive(
        self, code: str, *, code_verifier: str, nonce: str, issuer: str | None
    ) -> ForeignIdentity:
        """Whom the provider vouches for.

        Args:
            code: as it came with the answer.
            code_verifier: of the departure.
            nonce: of the departure.
            issuer: `iss` of the answer, if it has one (RFC 9207).

        Raises:
            ProviderFailed: nobody, or not so that it can be believed.
        """
        if issuer is not None and issuer.rstrip("/") != self._options.issuer:
            raise ProviderFailed("the answer names another issuer")
        if self._options.is_github:
            return await self._asked(self._github_identity(code, code_verifier))
        return await self._asked(self._openid_identity(code, code_verifier, nonce))

    async def _asked(self, asking: Awaitable[_T]) -> _T:
        try:
            return await asking
        # RuntimeError: Authlib's for metadata that lack something; ValueError: text that is no JSON, as well
        # as keys and tokens that are none.
        except (
            httpx2.HTTPError,
            OAuthError,
            JoseError,
            RuntimeError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            raise ProviderFailed(f"{type(error).__name__}: {error}") from error

    async def _departure(self) -> dict[str, str]:
        await self._check_metadata()
        made: dict[str, str] = await self._client.create_authorization_url(self.redirect_uri)
        return made

    async def _check_metadata(self) -> None:
        if self._options.is_github:
            return
        metadata = await self._client.load_server_metadata()
        if str(metadata["issuer"]).rstrip("/") != self._options.issuer:
            # Not to be kept: the next one who comes asks again.
            metadata.clear()
            raise ProviderFailed("the metadata are those of another issuer")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [each for each in offered if each in _ALGORITHMS]

    async def _openid_identity(self, code: str, code_verifier: str, nonce: str) -> ForeignIdentity:
        await self._check_metadata()
        token = await self._client.fetch_access_token(
            self.redirect_uri, code=code, code_verifier=code_verifier
        )
        issued_by = (await self._client.load_server_metadata())["issuer"]
        claims = await self._client.parse_id_token(
            token,
            nonce,
            claims_options={
                "iss": {"essential": True, "value": issued_by},
                "aud": {"essential": True, "value": self._options.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
        )
        if claims is None:
            raise ProviderFailed("the answer has no ID token")
        email = claims.get("email")
        return ForeignIdentity(
            issuer=self._options.issuer,
            subject=_subject(claims["sub"]),
            email=email if isinstance(email, str) else None,
            is_email_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or ""),
            locale=str(claims.get("locale") or ""),
        )

    async def _github_identity(self, code: str, code_verifier: str) -> ForeignIdentity:
        token = await self._client.fetch_access_token(
            self.redirect_uri, code=code, code_verifier=code_verifier
        )
        user = await self._fetched("user", token)
        emails = await self._fetched("user/emails", token)
        primary: Mapping[str, Any] = next((each for each in emails if each["primary"] is True), {})
        return ForeignIdentity(
            issuer=self._options.issuer,
            subject=_subject(str(int(user["id"]))),
            email=primary.get("email"),
            is_email_verified=primary.get("verified") is True,
            name=str(user.get("name") or user.get("login") or ""),
            locale="",
        )

    async def _fetched(self, path: str, token: object) -> Any:
        response = await self._client.get(
            path, token=token, headers={"accept": "application/vnd.github+json"}
        )
        response.raise_for_status()
        return response.json()


def _subject(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_SUBJECT or not value.isprintable():
        raise ProviderFailed("the provider's id of the person is none")
    return value
