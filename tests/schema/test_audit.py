"""Who reads which part of the audit trail, filtered and paged."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.built_in_roles import ADMIN, MEMBER, SUPERADMIN, BuiltInRole
from access.permissions import ACCOUNT_PERMISSIONS
from access.viewer import Viewer
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.audit_trail import AuditFilter
from documents.projects.project import Project
from resolvers.context import Context
from schema.ids import document_gid
from schema.root import build_schema
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_project, open_studio

ENTRY = "action actorId targetKind targetId companyId projectId address userAgent details at"
TRAIL = f"""query($filter: AuditFilterInput, $first: Int, $after: String) {{
  auditEntries(filter: $filter, first: $first, after: $after) {{
    nodes {{ {ENTRY} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
PLATFORM = TRAIL.replace("auditEntries(", "platformAuditEntries(")
OWN = f"{{ viewer {{ auditEntries(first: 50) {{ nodes {{ {ENTRY} }} }} }} }}"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def api() -> Api:

    return Api(build_schema())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    opened = open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    )
    async with opened as studio:
        yield studio


def of_role(studio: Studio, role: BuiltInRole, company_id: PydanticObjectId | None = None) -> Context:
    context = studio.context()
    context.viewer = Viewer(
        context.require_viewer().user_id,
        PydanticObjectId(),
        company_id=company_id,
        role_id=role.id,
        permissions=ACCOUNT_PERMISSIONS | role.permissions,
    )
    return context


async def note(action: AuditAction, *, minutes: int = 0, **values: Any) -> AuditEntry:
    given = {"target_kind": "User", "target_id": PydanticObjectId(), "address": "192.0.2.9"} | values
    entry = AuditEntry(at=NOW + timedelta(minutes=minutes), action=action, **given)
    await AuditEntry.write(entry, session=None)
    return entry


async def test_an_administrator_reads_the_company_and_no_other_page_by_page(api: Api, studio: Studio) -> None:
    company = PydanticObjectId()
    for minute in range(5):
        await note(AuditAction.MEMBER_INVITED, minutes=minute, company_id=company)
    await note(AuditAction.MEMBER_INVITED, company_id=PydanticObjectId())
    admin = of_role(studio, ADMIN, company)
    first = (await api(admin, TRAIL, first=3)).payload
    second = (await api(admin, TRAIL, first=3, after=first["pageInfo"]["endCursor"])).payload
    times = [entry["at"] for entry in first["nodes"] + second["nodes"]]
    assert len(times) == 5
    assert times == sorted(times, reverse=True)
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]


async def test_filters_narrow_down_together(api: Api, studio: Studio) -> None:
    company, actor, target, project = (PydanticObjectId() for _ in range(4))
    wanted = {"company_id": company, "actor_id": actor, "target_id": target, "project_id": project}
    await note(AuditAction.COLLABORATOR_ADDED, minutes=1, **wanted)
    for name in ("actor_id", "target_id", "project_id"):
        await note(AuditAction.COLLABORATOR_ADDED, minutes=1, **{**wanted, name: PydanticObjectId()})
    await note(AuditAction.COLLABORATOR_REMOVED, minutes=1, **wanted)
    await note(AuditAction.COLLABORATOR_ADDED, minutes=9, **wanted)
    admin = of_role(studio, ADMIN, company)
    given = {
        "actions": ["COLLABORATOR_ADDED"],
        "actorId": document_gid("User", actor),
        "targetId": document_gid("User", target),
        "projectId": document_gid("Project", project),
        "since": NOW.isoformat(),
        "until": (NOW + timedelta(minutes=5)).isoformat(),
    }
    (found,) = (await api(admin, TRAIL, filter=given)).payload["nodes"]
    assert found["actorId"] == given["actorId"]
    alone = [
        len((await api(admin, TRAIL, filter={name: value})).payload["nodes"]) for name, value in given.items()
    ]
    assert alone == [5, 5, 5, 5, 6, 5]


async def test_members_and_people_without_a_company_read_no_companys_trail(api: Api, studio: Studio) -> None:
    company = PydanticObjectId()
    await note(AuditAction.ROLE_CREATED, company_id=company)
    for context in (of_role(studio, MEMBER, company), of_role(studio, ADMIN), of_role(studio, SUPERADMIN)):
        assert (await api(context, TRAIL)).codes == ["FORBIDDEN"]
    for context in (of_role(studio, ADMIN, company), of_role(studio, MEMBER, company)):
        assert (await api(context, PLATFORM)).codes == ["FORBIDDEN"]


async def test_the_platform_reads_everything(api: Api, studio: Studio) -> None:
    marked = PydanticObjectId()
    await note(AuditAction.USER_SUSPENDED, target_id=marked, details={"odd": PydanticObjectId()})
    operator = of_role(studio, SUPERADMIN)
    found = (await api(operator, PLATFORM, filter={"targetId": document_gid("User", marked)})).payload
    (entry,) = found["nodes"]
    assert (entry["action"], entry["companyId"]) == ("USER_SUSPENDED", None)
    assert len(entry["details"]["odd"]) == 24


async def test_one_reads_what_concerns_oneself_without_the_addresses_of_others(
    api: Api, studio: Studio
) -> None:
    context = studio.context()
    me = context.require_viewer().user_id
    await User(
        id=me,
        email=f"{me}@a.example",
        email_key=f"{me}@a.example",
        name="Ana",
        created_at=NOW,
        updated_at=NOW,
    ).insert()
    await note(AuditAction.SIGNED_IN, actor_id=me, target_id=me)
    await note(AuditAction.MEMBER_ROLE_CHANGED, minutes=1, actor_id=PydanticObjectId(), target_id=me)
    await note(AuditAction.SIGNED_IN, minutes=2, actor_id=PydanticObjectId())
    nodes = (await api(context, OWN)).payload["auditEntries"]["nodes"]
    assert [(each["action"], each["address"]) for each in nodes] == [
        ("MEMBER_ROLE_CHANGED", ""),
        ("SIGNED_IN", "192.0.2.9"),
    ]


async def test_deleting_and_restoring_a_project_is_written_down_with_the_act(
    api: Api, studio: Studio
) -> None:
    owner = of_role(studio, MEMBER, PydanticObjectId())
    project = await make_project(owner)
    gid = document_gid("Project", project.id)
    mutation = "mutation($input: %sProjectInput!) { %sProject(input: $input) { userErrors { code } } }"
    stale = {"projectId": gid, "expectedRevision": 99}
    assert (await api(owner, mutation % ("Delete", "delete"), input=stale)).payload["userErrors"] != []
    await api(owner, mutation % ("Delete", "delete"), input={"projectId": gid})
    await api(owner, mutation % ("Restore", "restore"), input={"projectId": gid})
    entries = await AuditEntry.find({"project_id": project.id}).sort("_id").to_list()
    assert [each.action for each in entries] == [AuditAction.PROJECT_DELETED, AuditAction.PROJECT_RESTORED]
    assert {each.actor_id for each in entries} == {owner.require_viewer().user_id}
    assert {each.company_id for each in entries} == {None}  # a private one is no business of the company's
    assert (await Project.get(project.id)) is not None


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (AuditFilter().query(), "newest"),
        (AuditFilter(actor_id=PydanticObjectId()).query(), "newest_of_actor"),
        (AuditFilter(target_id=PydanticObjectId()).query(), "newest_of_target"),
        (AuditFilter(project_id=PydanticObjectId()).query(), "newest_of_project"),
        (AuditFilter(actions=[AuditAction.SIGNED_IN]).query(), "newest_of_action"),
        ({"company_id": PydanticObjectId()}, "newest_of_company"),
        ({"company_id": PydanticObjectId(), "actor_id": PydanticObjectId()}, "newest_of_company_by_actor"),
        ({"company_id": PydanticObjectId(), "action": {"$in": ["SIGNED_IN"]}}, "newest_of_company_by_action"),
    ],
)
async def test_lists_are_served_in_order_by_their_index(
    studio: Studio, query: dict[str, Any], index: str
) -> None:
    del studio
    entries = AuditEntry.get_pymongo_collection()
    plan = await entries.find(query).sort([("at", -1), ("_id", -1)]).hint(index).limit(20).explain()
    winning = str(plan["queryPlanner"]["winningPlan"])
    assert "'SORT'" not in winning
    assert "COLLSCAN" not in winning
