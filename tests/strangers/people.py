"""Who lives in the world, and in which guises they and others come to the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from beanie import PydanticObjectId

from access.built_in_roles import BuiltInRole
from access.passwords import Passwords
from access.permissions import ACCOUNT_PERMISSIONS, Permission
from access.refresh_tokens import RefreshToken
from access.tokens import AccessTokens
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.projects.project_role import ProjectRole

PASSWORD = "purple lantern"


@dataclass(frozen=True)
class Person:
    """A user with an open session.

    Args:
        held: permissions of the account and of the role.
        role: what the person is to the film; None for nothing.
    """

    name: str
    user_id: PydanticObjectId
    email: str
    company_id: PydanticObjectId | None
    held: frozenset[Permission]
    role: ProjectRole | None
    session_id: PydanticObjectId
    access_token: str
    refresh_token: str

    @property
    def own_words(self) -> tuple[str, ...]:
        """Secrets to others, not to this person."""
        return f"Perch/1 ({self.slug})", f"Canary {self.slug}", self.email, quote(self.email)

    @property
    def slug(self) -> str:
        return self.name.replace(" ", "-")


@dataclass(frozen=True)
class Caller:
    """Somebody who sends an operation.

    Args:
        name: of the kind.
        token: what stands in the Authorization header; None for no header.
        person: whose rights count; None for nobody's, as when the token is no longer good.
        scopes: the most that an API key may do, None for a session.
        guest_role: what a guest's review link makes of its bearer in the film; None in another project.
        is_guest: came by a review link.
    """

    name: str
    token: str | None
    person: Person | None = None
    scopes: frozenset[Permission] | None = None
    guest_role: ProjectRole | None = None
    is_guest: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.token is None else {"authorization": f"Bearer {self.token}"}

    @property
    def is_nobody(self) -> bool:
        return self.person is None and not self.is_guest


async def make_person(
    name: str,
    *,
    passwords: Passwords,
    tokens: AccessTokens,
    now: datetime,
    role: BuiltInRole,
    company_id: PydanticObjectId | None = None,
    film_role: ProjectRole | None = None,
) -> Person:
    """Store an account with a password, a verified address and an open session."""
    slug = name.replace(" ", "-")
    user = await User.register(
        email=f"{slug}@canary.example",
        email_key=f"{slug}@canary.example",
        name=f"Canary {slug}",
        locale="en",
        password_hash=await passwords.hash(PASSWORD),
        now=now,
    )
    assert user is not None
    await User.get_pymongo_collection().update_one(
        {"_id": user.id},
        {"$set": {"role_id": role.id, "company_id": company_id, "email_verified_at": now}},
    )
    refresh = RefreshToken.first(PydanticObjectId())
    session = await Session.open(
        refresh.session_id,
        user.id,
        family_hash=refresh.family_hash,
        refresh_hash=refresh.own_hash,
        user_agent=f"Perch/1 ({slug})",
        address="203.0.113.7",
        now=now + timedelta(hours=1),  # used in the future: seeing it used again changes nothing
    )
    return Person(
        name=name,
        user_id=user.id,
        email=user.email,
        company_id=company_id,
        held=ACCOUNT_PERMISSIONS | role.permissions,
        role=film_role,
        session_id=session.id,
        access_token=tokens.issue(user.id, session.id).value,
        refresh_token=refresh.reveal(),
    )
