"""A small world: two companies, people of every kind, and a rich project that concerns few of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from beanie import PydanticObjectId

from access.api_key_tokens import ApiKeyToken
from access.built_in_roles import ADMIN, MEMBER, SUPERADMIN, USER, BuiltInRole
from access.permissions import KEY_SCOPES, Level, Permission
from access.tokens import AccessTokens
from documents.accounts.api_key import ApiKey
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.companies.company import Company
from documents.companies.role import Role
from documents.projects.project_role import ProjectRole
from schema.ids import document_gid
from tests.strangers.people import Caller, Person, make_person
from tests.strangers.snapshot import Snapshot
from tests.studio import Studio

INTERN: Final = BuiltInRole(
    PydanticObjectId("696e7465726e000000000001"), "Intern", "May nothing of the company.", frozenset()
)
"""A role that the company defined, which holds nothing."""


@dataclass
class World:
    """Everything that examples may name.

    Args:
        studio: the services, and what people's operations are sent to.
        company: of the `owner`, who made the film in it.
        rival: another company, with people of its own.
        people: by name: `owner`, `admin`, `colleague`, `intern` belong to the company; `editor`, `commenter`,
            `viewer` are the film's collaborators; `operator` runs the platform; the rest has nothing to do
            with the film any more, or never had.
        film: a project of the `owner` with everything in it.
        documents: whatever else examples need, by a name of theirs.
        objects: stored files by their keys.
        callers: everybody who may come to an operation.
        keys: for each permission an API key of somebody who has it, with every scope but this one.
    """

    studio: Studio
    company: Company
    rival: Company
    people: dict[str, Person]
    documents: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    callers: list[Caller] = field(default_factory=list)
    keys: dict[Permission | None, Caller] = field(default_factory=dict)
    snapshot: Snapshot = field(init=False)

    @property
    def owner(self) -> Person:
        return self.people["owner"]

    @property
    def film_people(self) -> dict[PydanticObjectId, ProjectRole]:
        """The film's collaborators; whatever else belongs to the owner is shared in the same way."""
        return {
            person.user_id: person.role
            for person in self.people.values()
            if person.role is not None and person.name != "owner"
        }

    def user_gid(self, name: str) -> str:
        return document_gid("User", self.people[name].user_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Words that stand in the answer to nobody but those whom they concern."""
        return ("canary", "Canary")


PEOPLE: Final[Mapping[str, tuple[BuiltInRole, str | None, ProjectRole | None]]] = {
    "owner": (MEMBER, "company", ProjectRole.OWNER),
    "admin": (ADMIN, "company", None),
    "colleague": (MEMBER, "company", None),
    "intern": (INTERN, "company", None),
    "editor": (USER, None, ProjectRole.EDITOR),
    "commenter": (USER, None, ProjectRole.COMMENTER),
    "viewer": (USER, None, ProjectRole.VIEWER),
    "suspended": (USER, None, ProjectRole.EDITOR),
    "erased": (USER, None, ProjectRole.EDITOR),
    "removed member": (USER, None, None),
    "removed collaborator": (USER, None, None),
    "invited": (USER, None, None),
    "other": (USER, None, None),
    "rival member": (MEMBER, "rival", None),
    "rival admin": (ADMIN, "rival", None),
    "operator": (SUPERADMIN, None, None),
}
"""Role, company and what one is to the film, once what `history.py` tells has happened."""

MEMBERS_ONCE: Final = ("removed member",)
"""Who belonged to the company before."""


async def make_world(studio: Studio) -> World:
    """Store companies, people and their sessions; the rest is furnished by the examples' modules."""
    services = studio.services
    now = services.now()
    maker = PydanticObjectId()
    company = Company(name="Canary Pictures", created_by=maker, created_at=now, updated_at=now)
    rival = Company(name="Rival Pictures", created_by=maker, created_at=now, updated_at=now)
    await company.insert()
    await rival.insert()
    await Role(id=INTERN.id, name=INTERN.name, permissions=[], company_id=company.id).insert()
    places = {"company": company.id, "rival": rival.id, None: None}
    people = {}
    for name, (role, place, film_role) in PEOPLE.items():
        people[name] = await make_person(
            name,
            passwords=services.passwords,
            tokens=services.tokens,
            now=now,
            role=role,
            company_id=places[place],
            film_role=film_role,
        )
    for name in MEMBERS_ONCE:
        await User.get_pymongo_collection().update_one(
            {"_id": people[name].user_id}, {"$set": {"role_id": MEMBER.id, "company_id": company.id}}
        )
    world = World(studio, company, rival, people)
    await _shut_out(world)
    world.callers = [*_nobodies(world), await _revoked_session(world), *await _dead_keys(world)]
    world.callers += [
        Caller(name, each.access_token, each)
        for name, each in people.items()
        if name not in {"suspended", "erased"}
    ]
    other = people["other"]
    world.callers.append(
        Caller("other's API key", await _key(world, other, KEY_SCOPES), other, scopes=KEY_SCOPES)
    )
    world.keys = await _keys(world)
    return world


async def _keys(world: World) -> dict[Permission | None, Caller]:
    """API keys that lack one thing each; that of None lacks nothing that a key may have."""
    holders = {Level.COMPANY: "admin", Level.PLATFORM: "operator"}
    made: dict[Permission | None, Caller] = {}
    for permission in (None, *Permission):
        name = "owner" if permission is None else holders.get(permission.level, "owner")
        scopes = KEY_SCOPES - {permission}
        token = await _key(world, world.people[name], scopes)
        lacking = "API key" if permission is None else f"API key without {permission.value}"
        made[permission] = Caller(lacking, token, world.people[name], scopes=scopes)
    return made


async def _key(
    world: World, person: Person, scopes: frozenset[Permission], *, expires_in_s: float = 86_400
) -> str:
    token = ApiKeyToken.make()
    now = world.studio.services.now()
    await ApiKey(
        id=token.key_id,
        user_id=person.user_id,
        name=f"Canary {person.slug}",
        secret_hash=token.secret_hash,
        hint="fwk_…",
        scopes=sorted(scope.value for scope in scopes),
        created_at=now,
        expires_at=now + timedelta(seconds=expires_in_s),
        last_used_at=now + timedelta(hours=1),  # used in the future: seeing it used again changes nothing
    ).insert()
    return token.reveal()


async def _dead_keys(world: World) -> list[Caller]:
    """Keys with every scope that are no longer good once `history.py` has happened, or never were."""
    alive = ApiKeyToken.parse(await _key(world, world.owner, KEY_SCOPES))
    return [
        Caller("revoked API key", await _key(world, world.owner, KEY_SCOPES)),
        Caller("expired API key", await _key(world, world.owner, KEY_SCOPES, expires_in_s=-60)),
        Caller("forged API key", ApiKeyToken(alive.key_id, bytes(32)).reveal()),
        Caller("suspended API key", await _key(world, world.people["suspended"], KEY_SCOPES)),
    ]


async def _shut_out(world: World) -> None:
    now = world.studio.services.now()
    await User.get_pymongo_collection().update_one(
        {"_id": world.people["erased"].user_id}, {"$set": {"deleted_at": now}}
    )


def _nobodies(world: World) -> list[Caller]:
    """Those whose token is none, or no longer one."""
    services, owner = world.studio.services, world.owner
    yesterday = AccessTokens(
        ["k" * 32],
        issuer="https://a.example",
        audience="api",
        now=lambda: services.now() - timedelta(days=1),
    )
    forger = AccessTokens(["f" * 32], issuer="https://a.example", audience="api", now=services.now)
    return [
        Caller("anonymous", None),
        Caller("expired token", yesterday.issue(owner.user_id, owner.session_id).value),
        Caller("forged token", forger.issue(owner.user_id, owner.session_id).value),
        Caller(
            "another's session", services.tokens.issue(owner.user_id, world.people["other"].session_id).value
        ),
        Caller("suspended", world.people["suspended"].access_token),
        Caller("erased", world.people["erased"].access_token),
    ]


async def _revoked_session(world: World) -> Caller:
    """The owner's token after the session was ended."""
    services = world.studio.services
    session = await Session.get(world.owner.session_id)
    assert session is not None
    ended = session.model_copy(update={"id": PydanticObjectId()})
    await ended.insert()
    return Caller("revoked session", services.tokens.issue(world.owner.user_id, ended.id).value)
