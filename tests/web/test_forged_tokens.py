"""Every token that we hand out, wherever another one is expected, and forgeries of each, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.challenges import Challenges
from access.guest_tokens import GuestClaims, GuestTokens
from access.mail_tokens import LinkPurpose
from access.refresh_tokens import RefreshToken
from access.tokens import AccessTokens
from documents.accounts.session import Session, SessionEnd
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from tests.web.served import Running, introduced_socket, opened_socket
from tests.whole_server import whole_server

SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
  tokens { accessToken refreshToken } } }"""
REFRESH = """mutation($input: RefreshTokensInput!) { refreshTokens(input: $input) {
  tokens { accessToken refreshToken } userErrors { code } } }"""
COMPLETE = """mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) {
  tokens { accessToken } userErrors { code } } }"""
VERIFY = """mutation($input: VerifyEmailInput!) { verifyEmail(input: $input) { userErrors { code } } }"""
RESET = """mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code } } }"""
CREATE_KEY = """mutation { createApiKey(input: {name: "A", scopes: [ACCOUNT_VIEW]}) { token } }"""
VIEWER = "{ viewer { id } }"
CREATE = 'mutation { createProject(input: {topic: "bees"}) { project { id } } }'
KEY, FOREIGN_KEY = "k" * 32, "f" * 32


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def whole(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Running]:
    async with whole_server(mongo_client, database, redis_url) as serving:
        yield serving


@dataclass
class Holder:
    """Somebody with one genuine token of each kind."""

    server: Running
    user: User
    access: str
    refresh: str

    @property
    def session_id(self) -> PydanticObjectId:
        return RefreshToken.parse(self.refresh).session_id

    async def all_of_them(self) -> dict[str, str]:
        services = self.server.services
        answer = await self.server.query(CREATE_KEY, authorization=f"Bearer {self.access}")
        key = answer["data"]["createApiKey"]["token"]
        guest = GuestTokens([KEY], issuer="https://a.example", audience="api", now=services.now)
        claims = GuestClaims(guest_id=PydanticObjectId(), link_id=PydanticObjectId(), name="G")
        return {
            "access": self.access,
            "refresh": self.refresh,
            "API key": key,
            "challenge": services.challenges.issue(self.user, way="password").value,
            "guest": guest.issue(claims).value,
            "mail": services.mail_tokens.token(LinkPurpose.RESET_PASSWORD, self.user.id),
            "sealed": services.sealing.seal("framewright-sign-in", b"{}"),
        }


@pytest_asyncio.fixture
async def holder(whole: Running) -> Holder:
    email = f"{uuid4().hex}@example.com"
    given = {"email": email, "password": "purple lantern", "name": "Ana"}
    tokens = (await whole.query(SIGN_UP, {"input": given}))["data"]["signUp"]["tokens"]
    user = await User.with_email_key(email)
    assert user is not None
    return Holder(whole, user, tokens["accessToken"], tokens["refreshToken"])


async def bearer_is_refused(server: Running, token: str) -> bool:
    """Whether a token opens nothing, neither over HTTP nor over a WebSocket."""
    seen = await server.query(VIEWER, authorization=f"Bearer {token}")
    made = await server.query(CREATE, authorization=f"Bearer {token}")
    async with opened_socket(server) as socket:
        payload = {"authorization": f"Bearer {token}"}
        await socket.send({"type": "connection_init", "payload": payload})
        code, _ = await socket.close_code()
    codes = [error["extensions"]["code"] for error in made.get("errors", ())]
    return seen["data"]["viewer"] is None and codes == ["UNAUTHENTICATED"] and code == 4403


async def code_of(server: Running, document: str, **given: Any) -> str:
    """The one code with which a mutation answers; OK if there is none."""
    answer = await server.query(document, {"input": given})
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    (payload,) = answer["data"].values()
    return str(payload["userErrors"][0]["code"]) if payload["userErrors"] else "OK"


async def test_no_token_passes_for_one_of_another_kind(holder: Holder) -> None:
    server, tokens = holder.server, await holder.all_of_them()
    for kind, token in tokens.items():
        if kind not in {"access", "API key"}:
            assert await bearer_is_refused(server, token), kind
        if kind != "refresh":
            assert await code_of(server, REFRESH, refreshToken=token) == "UNAUTHENTICATED", kind
        if kind != "challenge":
            code = await code_of(server, COMPLETE, challenge=token, code="000000")
            assert code == "UNAUTHENTICATED", kind
        # Not even a link of a mail for something else.
        assert await code_of(server, VERIFY, token=token) == "INVALID", kind
        if kind != "mail":
            reset = {"token": token, "password": "amber lighthouse"}
            assert await code_of(server, RESET, **reset) == "INVALID", kind
    assert await code_of(server, REFRESH, refreshToken=holder.refresh) == "OK"


async def test_forged_access_tokens_open_nothing(holder: Holder) -> None:
    server, now = holder.server, holder.server.services.now
    ids = (holder.user.id, holder.session_id)
    claims = jwt.decode(holder.access, options={"verify_signature": False})
    header = jwt.get_unverified_header(holder.access)
    head, body, signature = holder.access.split(".")

    def made(key: str, issuer: str = "https://a.example", audience: str = "api") -> str:
        return AccessTokens([key], issuer=issuer, audience=audience, now=now).issue(*ids).value

    forged = {
        "another key": made(FOREIGN_KEY),
        "another issuer": made(KEY, issuer="https://b.example"),
        "another audience": made(KEY, audience="mail"),
        "unsigned": jwt.encode(claims, "", algorithm="none", headers=header | {"alg": "none"}),
        "signature left out": f"{head}.{body}.",
        "another algorithm": jwt.encode(claims, KEY * 2, algorithm="HS512", headers=header),
        "another type": jwt.encode(claims, KEY, algorithm="HS256", headers=header | {"typ": "JWT"}),
        "a key of its own": jwt.encode(
            claims,
            FOREIGN_KEY,
            algorithm="HS256",
            headers=header | {"jwk": {"kty": "oct", "k": "ZmZmZg"}, "jku": "https://evil.example/k"},
        ),
        "another's session": AccessTokens([KEY], issuer="https://a.example", audience="api", now=now)
        .issue(PydanticObjectId(), holder.session_id)
        .value,
        "bits of the signature": f"{head}.{body}.{signature[:-6]}AAAAAA",
    }
    for name, token in forged.items():
        assert await bearer_is_refused(server, token), name
    assert not await bearer_is_refused_by_http(server, holder.access)


async def bearer_is_refused_by_http(server: Running, token: str) -> bool:
    answer = await server.query(VIEWER, authorization=f"Bearer {token}")
    return answer["data"]["viewer"] is None


async def test_used_refresh_token_ends_its_family_and_what_is_open(holder: Holder) -> None:
    server = holder.server
    fresh = (await server.query(REFRESH, {"input": {"refreshToken": holder.refresh}}))["data"]
    tokens = fresh["refreshTokens"]["tokens"]
    async with introduced_socket(server, tokens["accessToken"]) as socket:
        assert await code_of(server, REFRESH, refreshToken=holder.refresh) == "UNAUTHENTICATED"
        code, _ = await socket.close_code()
    assert code == 4403
    for token in (holder.access, tokens["accessToken"]):
        assert await bearer_is_refused(server, token)
    assert await code_of(server, REFRESH, refreshToken=tokens["refreshToken"]) == "UNAUTHENTICATED"
    session = await Session.get(holder.session_id)
    assert session is not None
    assert session.revoked_reason is SessionEnd.REFRESH_TOKEN_REUSED
    reused = {"actor_id": holder.user.id, "action": AuditAction.REFRESH_TOKEN_REUSED.value}
    assert await AuditEntry.find(reused).count() == 1


async def test_of_refreshes_racing_with_one_token_none_goes_on(holder: Holder) -> None:
    """One of them is served; the others are reuse, which ends what that one got."""
    server = holder.server
    answers = await asyncio.gather(
        *(server.query(REFRESH, {"input": {"refreshToken": holder.refresh}}) for _ in range(4))
    )
    served = [each["data"]["refreshTokens"]["tokens"] for each in answers if "errors" not in each]
    assert len(served) == 1
    assert await bearer_is_refused(server, served[0]["accessToken"])


async def test_made_up_refresh_token_ends_nobodys_session(holder: Holder) -> None:
    token = RefreshToken.parse(holder.refresh)
    made_up = RefreshToken(token.session_id, bytes(32), bytes(32)).reveal()
    assert await code_of(holder.server, REFRESH, refreshToken=made_up) == "UNAUTHENTICATED"
    assert not await bearer_is_refused_by_http(holder.server, holder.access)


async def test_challenge_signed_by_another_completes_nothing(holder: Holder) -> None:
    now = holder.server.services.now
    for key, issuer, audience in (
        (FOREIGN_KEY, "https://a.example", "api"),
        (KEY, "https://b.example", "api"),
        (KEY, "https://a.example", "mail"),
    ):
        forger = Challenges([key], issuer=issuer, audience=audience, now=now)
        forged = forger.issue(holder.user, way="password").value
        assert await code_of(holder.server, COMPLETE, challenge=forged, code="1") == "UNAUTHENTICATED"


@pytest.mark.parametrize("scheme", ["Basic", "bearer", "BEARER", "Token", ""])
async def test_only_bearer_tokens_are_read(holder: Holder, scheme: str) -> None:
    answer = await holder.server.query(VIEWER, authorization=f"{scheme} {holder.access}".strip())
    assert (answer["data"]["viewer"] is not None) == (scheme.lower() == "bearer")
