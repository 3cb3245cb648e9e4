"""Whatever stands in a mutation's input, the client is told, and the log holds nothing but the request."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    get_named_type,
    get_nullable_type,
    is_required_input_field,
)

from access.built_in_roles import ADMIN
from access.permissions import Permission
from documents.accounts.user import User
from documents.jobs.job import QUEUE_OF, Job, JobKind
from schema.guarding.guards import Limits
from schema.guarding.observation import Observe
from schema.ids import document_gid
from schema.root import ServedSchema, build_schema
from tests.schema.desk import Desk, Film, make_film
from tests.schema.staff import make_firm, make_member, make_role, member_gid, role_gid
from tests.web.served import Running, running, sign_up
from web.application import Opened, create_application
from web.options import WebOptions

SCHEMA = build_schema()._schema
MUTATION = SCHEMA.mutation_type
assert MUTATION is not None

JSON = {"content-type": "application/json"}
DEEPEST = 2
Path = tuple[str | int, ...]

WRONG: list[Any] = [None, {"$gt": ""}]
TEXTS = ["\ud800", "", "a\x00b", "x" * 6_000]
NUMBERS: list[Any] = [-1, 2**31 - 1, 1e308]
LISTS: list[Any] = [[], [None]]


def hostile(kind: GraphQLInputType, number: int) -> list[Any]:
    """What nobody should send as this: neighbouring fields get one after another of what there is."""
    name = get_named_type(kind).name
    own = (
        NUMBERS
        if name in {"Int", "Float", "BigInt"}
        else TEXTS
        if name in {"String", "ID", "Color"}
        else WRONG
    )
    if isinstance(get_nullable_type(kind), GraphQLList):
        own = LISTS
    return [own[number % len(own)], WRONG[number % len(WRONG)]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(desk: Desk) -> AsyncIterator[Running]:
    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(Limits(), observe=observe)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Opened]:
        yield Opened(desk.studio.services, {})

    app = create_application(make_schema, opened, replace(WebOptions()))
    async with running(app, desk.studio.services) as serving:
        yield serving


def likely(name: str, kind: GraphQLInputType, film: Film, job: Job) -> Any:
    """A value that may well be accepted."""
    plain = get_nullable_type(kind)
    if isinstance(plain, GraphQLList):
        return [likely(name.removesuffix("s"), plain.of_type, film, job)]
    named: GraphQLNamedType = get_named_type(plain)
    if isinstance(named, GraphQLInputObjectType):
        return {
            each: likely(each, field.type, film, job)
            for each, field in named.fields.items()
            if is_required_input_field(field)
        }
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    if named.name == "ID":
        frame = film.gid(film.frame)
        known = {
            "frameId": frame,
            "sceneId": film.gid(film.scenes[0]),
            "imageId": film.gid(film.frame.images[1]),
            "voiceoverId": film.gid(film.frame.voiceover),
            "uploadId": film.gid(film.upload),
            "jobId": document_gid("Job", job.id),
            **film.beside,
        }
        return known.get(name, film.id)
    return {"Int": 1, "Float": 1.0, "Boolean": True, "BigInt": 9, "Color": "#00FF00"}.get(named.name, "text")


def places(kind: GraphQLInputType, depth: int = 0) -> Iterator[tuple[Path, GraphQLInputType]]:
    """The paths of all fields, at any depth, with the first element of each list."""
    plain = get_nullable_type(kind)
    if isinstance(plain, GraphQLList):
        for path, each in places(plain.of_type, depth):
            yield (0, *path), each
        return
    named = get_named_type(plain)
    if not isinstance(named, GraphQLInputObjectType) or depth == DEEPEST:
        return
    for name, field in named.fields.items():
        yield (name,), field.type
        for path, each in places(field.type, depth + 1):
            yield (name, *path), each


def put(given: Any, kind: GraphQLInputType, path: Path, value: Any, *, film: Film, job: Job) -> Any:
    """The input with a value in one place; what leads there is made as it is likely to be accepted."""
    if not path:
        return value
    plain = get_nullable_type(kind)
    if isinstance(plain, GraphQLList):
        inner = given[0] if given else likely("", plain.of_type, film, job)
        return [put(inner, plain.of_type, path[1:], value, film=film, job=job)]
    named = get_named_type(plain)
    assert isinstance(named, GraphQLInputObjectType)
    name = str(path[0])
    field = named.fields[name]
    inner = (given or {}).get(name)
    if inner is None and len(path) > 1:
        inner = likely(name, field.type, film, job)
    return {**(given or {}), name: put(inner, field.type, path[1:], value, film=film, job=job)}


OUTSIDE = frozenset({"createCompany", "acceptInvitation"})
"""What only somebody outside of companies does."""


async def joined(user: User) -> dict[str, str]:
    """Make somebody the administrator of a company; ids of what there is in it, by the inputs' names."""
    firm = await make_firm()
    await User.get_pymongo_collection().update_one(
        {"_id": user.id}, {"$set": {"company_id": firm.company.id, "role_id": ADMIN.id}}
    )
    role = await make_role(firm.company, Permission.COMPANY_VIEW)
    member = member_gid(await make_member(firm.company))
    ids = {"companyId": firm.id, "roleId": role_gid(role.id), "memberId": member}
    return ids | {"newOwnerId": member_gid(firm.admin)}


@pytest.mark.parametrize("name", sorted(MUTATION.fields))
async def test_bad_input_is_the_clients_and_never_a_defect(server: Running, name: str) -> None:
    assert MUTATION is not None
    kind = MUTATION.fields[name].args.get("input")
    if kind is None:
        return
    token = await sign_up(server)
    (user,) = await User.find().sort("-_id").limit(1).to_list()
    film = await make_film(user.id)
    if name not in OUTSIDE:
        film.beside |= await joined(user)
    job = Job(
        kind=JobKind.MUSIC,
        queue=QUEUE_OF[JobKind.MUSIC],
        project_id=film.project.id,
        owner_id=user.id,
        root_id=film.project.id,
        queued_at=server.services.now(),
    )
    await server.services.dispatcher.start([job])
    document = f"mutation($input: {kind.type}) {{ {name}(input: $input) {{ __typename }} }}"
    base = likely("input", kind.type, film, job)
    found = []
    with structlog.testing.capture_logs() as logs:
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=20) as client:
            for number, (path, wanted) in enumerate(places(kind.type)):
                for value in hostile(wanted, number):
                    given = put(base, kind.type, path, value, film=film, job=job)
                    body = {"query": document, "variables": {"input": given}}
                    answer = await client.post(server.graphql, content=json.dumps(body), headers=JSON)
                    codes = [each["extensions"]["code"] for each in answer.json().get("errors", ())]
                    if answer.status_code >= 500 or "INTERNAL" in codes:
                        found.append((path, str(value)[:20], answer.status_code, answer.text[:200]))
    assert found == []
    assert [entry for entry in logs if entry["event"] != "request" and entry["log_level"] != "info"] == []
