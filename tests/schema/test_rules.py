from dataclasses import replace
from typing import Any

import pytest
import strawberry
from beanie import PydanticObjectId

from access.permissions import Permission
from access.viewer import Guest
from documents.projects.project_role import ProjectRole
from schema.guarding.rules import enforce, operations, rule_of
from schema.root import Mutation, Query, Subscription, build_schema
from tests.schema.desk import Desk, make_film

PROJECT = "query($id: ID!) { project(id: $id) { title } }"
DELETE = "mutation($input: DeleteProjectInput!) { deleteProject(input: $input) { userErrors { code } } }"
LIST = "{ projects { nodes { title } } }"
CREATE = 'mutation { createProject(input: {topic: "bees"}) { project { id } } }'
SIGN_OUT = "mutation { signOut(input: {}) { endedSessions } }"
VIEWER = "{ viewer { email } version }"


async def run(desk: Desk, document: str, context: Any, **variables: Any) -> tuple[Any, list[str]]:
    result = await desk.schema.execute(document, variables, context_value=context)
    return result.data, [str((error.extensions or {})["code"]) for error in result.errors or ()]


def test_every_operation_says_what_it_takes() -> None:
    schema = build_schema()._schema
    found = [(name, rule_of(field), field.description) for _, name, field in operations(schema)]
    assert len(found) > 50
    for name, rule, description in found:
        assert rule is not None, name
        if rule.permission is not None:
            assert str(description).endswith(f"Takes `{rule.permission.value}`."), name


def test_operation_without_a_rule_keeps_the_schema_from_being_built() -> None:
    @strawberry.type
    class Careless(Query):
        @strawberry.field
        def secret(self) -> str:
            return "plan"

    careless = build_schema(query=Careless, mutation=Mutation, subscription=Subscription)
    with pytest.raises(TypeError, match=r"Careless.secret names no rule"):
        enforce(careless._schema)


async def test_api_key_does_no_more_than_its_scopes(desk: Desk) -> None:
    film = await make_film()
    context = desk.studio.context(film.owner)
    viewer = context.require_viewer()
    context.viewer = replace(
        viewer,
        session_id=None,
        api_key_id=PydanticObjectId(),
        scopes=frozenset({Permission.PROJECT_VIEW}),
    )
    assert await run(desk, PROJECT, context, id=film.id) == ({"project": {"title": "Bees"}}, [])
    for document, variables in [
        (DELETE, {"input": {"projectId": film.id}}),
        (CREATE, {}),
        (SIGN_OUT, {}),
    ]:
        assert await run(desk, document, context, **variables) == (None, ["FORBIDDEN"])
    assert (await run(desk, VIEWER, context))[0]["viewer"] is None
    assert (await film.stored())["deleted_at"] is None


async def test_api_key_without_projects_finds_none(desk: Desk) -> None:
    film = await make_film()
    context = desk.studio.context(film.owner)
    viewer = context.require_viewer()
    context.viewer = replace(viewer, session_id=None, scopes=frozenset({Permission.ACCOUNT_VIEW}))
    for document, variables in [(PROJECT, {"id": film.id}), (LIST, {})]:
        assert await run(desk, document, context, **variables) == (None, ["FORBIDDEN"])
    assert (await run(desk, "query($id: ID!) { node(id: $id) { id } }", context, id=film.id))[0] == {
        "node": None
    }


async def test_guest_sees_one_project_and_nothing_else(desk: Desk) -> None:
    film, other = await make_film(), await make_film()
    context = desk.studio.context()
    context.viewer = None
    context.guest = Guest(PydanticObjectId(), film.project.id, ProjectRole.VIEWER, "Ana", PydanticObjectId())
    assert (await run(desk, PROJECT, context, id=film.id))[0] == {"project": {"title": "Bees"}}
    assert await run(desk, PROJECT, context, id=other.id) == (None, ["NOT_FOUND"])
    assert await run(desk, DELETE, context, input={"projectId": film.id}) == (None, ["FORBIDDEN"])
    for document in (LIST, CREATE, SIGN_OUT):
        assert await run(desk, document, context) == (None, ["UNAUTHENTICATED"])


async def test_company_demanding_a_second_factor_closes_its_projects(desk: Desk) -> None:
    company_id = PydanticObjectId()
    film = await make_film(company_id=company_id)
    context = desk.studio.context(film.owner)
    context.viewer = replace(context.require_viewer(), lacks_second_factor=True)
    assert await run(desk, PROJECT, context, id=film.id) == (None, ["FORBIDDEN"])


async def test_node_of_a_closed_company_is_not_there_and_its_neighbours_are(desk: Desk) -> None:
    owner = PydanticObjectId()
    closed, other = await make_film(owner, company_id=PydanticObjectId()), await make_film(owner)
    context = desk.studio.context(owner)
    context.viewer = replace(context.require_viewer(), lacks_second_factor=True)
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    found = await run(desk, document, context, ids=[closed.id, closed.gid(closed.frame), other.id])
    assert found == ({"nodes": [None, None, {"id": other.id}]}, [])


async def test_answer_to_a_deletion_tells_what_is_stale_in_the_project(desk: Desk) -> None:
    film = await make_film()
    document = """mutation($input: DeleteProjectInput!) { deleteProject(input: $input) {
        project { title music { isStale } } userErrors { code } } }"""
    found = await run(desk, document, desk.studio.context(film.owner), input={"projectId": film.id})
    project = {"title": "Bees", "music": {"isStale": False}}
    assert found == ({"deleteProject": {"project": project, "userErrors": []}}, [])


async def test_who_is_in_no_company_is_told_so_instead_of_a_permission(desk: Desk) -> None:
    film = await make_film()
    document = "{ companyUsageSummary { totals { calls } } }"
    result = await desk.schema.execute(document, context_value=desk.studio.context(film.owner))
    said = [(str((each.extensions or {})["code"]), each.message) for each in result.errors or ()]
    assert said == [
        ("FORBIDDEN", "You are in no company: make one with createCompany, or accept an invitation to one.")
    ]
