"""Somebody with a browser who signs in through a provider, and the web application's page that begins it."""

import html
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from access.proof_codes import challenge_of
from tests.web.served import Running

APP = "https://app.example"
FORM = re.compile(r'<form[^>]*action="([^"]+)"')
PROMPT = re.compile(r'name="prompt" value="(\w+)"')

EXCHANGE = """mutation($input: ExchangeSignInInput!) { exchangeSignIn(input: $input) {
  user { email name locale } tokens { accessToken } challenge { challenge }
  userErrors { code field message } } }"""
LINK = """mutation($input: LinkIdentityInput!) { linkIdentity(input: $input) {
  user { email identities { id provider email } } userErrors { code field message } } }"""
UNLINK = """mutation($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) {
  user { identities { id } hasPassword } userErrors { code field } } }"""


@dataclass
class Browser:
    """One browser: its cookies, and the verifier of its page."""

    server: Running
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=20))

    async def depart(self, provider: str = "test") -> httpx.Response:
        """Begin; the redirect to the provider."""
        return await self.client.get(
            f"{self.server.url}/auth/{provider}/start", params={"challenge": challenge_of(self.verifier)}
        )

    async def to_callback(self, login: str, provider: str = "test") -> str:
        """Sign in at the provider; the address of our callback to which it leads."""
        for name in [each for each in self.client.cookies if each.startswith("_")]:
            self.client.cookies.delete(name)  # the provider's own: it is to ask who it is
        url = (await self.depart(provider)).headers["location"]
        while not url.startswith(f"{self.server.url}/auth/"):
            response = await self.client.get(url)
            if response.status_code == 200:
                prompt = PROMPT.search(response.text)
                action = FORM.search(response.text)
                assert prompt, response.text
                assert action, response.text
                given = {"prompt": prompt[1], "login": login, "password": "any"}
                response = await self.client.post(urljoin(url, html.unescape(action[1])), data=given)
            assert response.is_redirect, response.text
            url = urljoin(str(response.url), response.headers["location"])
        return str(url)

    async def arrive(self, callback: str) -> str:
        """Follow the provider's answer; the fragment with which the web application is opened."""
        response = await self.client.get(callback)
        assert response.status_code == 303, response.text
        assert response.headers["cache-control"] == "no-store"
        location = urlsplit(response.headers["location"])
        assert f"{location.scheme}://{location.netloc}{location.path}" == f"{APP}/sign-in"
        assert location.query == ""
        return location.fragment

    async def code(self, login: str, provider: str = "test") -> str:
        """The code that a whole round trip ends with."""
        fragment = await self.arrive(await self.to_callback(login, provider))
        name, _, code = fragment.partition("=")
        assert name == "code", fragment
        return code

    async def exchange(self, code: str, **given: Any) -> Any:
        """Trade a code in."""
        return await self.mutate(EXCHANGE, {"code": code, "verifier": self.verifier, **given})

    async def mutate(self, document: str, given: dict[str, Any], token: str | None = None) -> Any:
        """Payload of a mutation."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        answer = await self.server.query(document, {"input": given}, **headers)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        return payload
