"""What was bought: found by time, kind, provider and key, and added up."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId

from documents.jobs.job import JobKind
from documents.jobs.usage_list import UsageFilter
from documents.jobs.usage_record import UsageRecord
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from resolvers.context import Context
from schema.ids import document_gid, tree_gid
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_project

LIST = """query($filter: UsageFilter, $first: Int) { usage(filter: $filter, first: $first) {
  nodes { id nodeId whoseKey } } }"""
TOTALS = """{ calls unpricedCalls costs { micros currency } inputTokens outputTokens characters images seconds
  durationMs }"""
GROUPS = f"""{{ since until totals {TOTALS}
  byDay {{ day totals {TOTALS} }} byKind {{ kind totals {TOTALS} }}
  byProvider {{ provider totals {TOTALS} }} byModel {{ provider model totals {TOTALS} }}
  byProject {{ projectId totals {TOTALS} }} byUser {{ userId totals {TOTALS} }} }}"""
SUMMARY = f"query($filter: UsageFilter) {{ usageSummary(filter: $filter) {GROUPS} }}"
OF_PROJECT = f"""query($id: ID!, $filter: UsageFilter) {{
  projectUsageSummary(projectId: $id, filter: $filter) {GROUPS} }}"""
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
WHOLE = {"since": "2026-02-20T00:00:00Z", "until": "2026-03-20T00:00:00Z"}


async def bought(owner_id: PydanticObjectId, number: int, **values: Any) -> UsageRecord:
    """A purchase; which one it is tells all that is not said."""
    given = {
        "id": PydanticObjectId(),
        "owner_id": owner_id,
        "job_id": PydanticObjectId(),
        "kind": (JobKind.IMAGE, JobKind.VOICEOVER, JobKind.SCRIPT)[number % 3],
        "provider": ("openai", "elevenlabs")[number % 2],
        "model": f"m{number % 4}",
        "whose_key": ("USER", "COMPANY", "INSTALLATION")[number % 3],
        "cost_micros": 1_000 * number,
        "currency": "USD",
        "is_priced": number % 5 != 0,
        "input_tokens": number,
        "output_tokens": 2 * number,
        "characters": 3,
        "images": 1,
        "seconds": 0.5,
        "duration_ms": 10,
        "at": MIDNIGHT + timedelta(hours=number),
    } | values
    return await UsageRecord(**given).insert()


@pytest_asyncio.fixture(loop_scope="session")
async def owner(studio: Studio) -> Context:
    return studio.context()


@pytest_asyncio.fixture(loop_scope="session")
async def records(owner: Context) -> list[UsageRecord]:
    """Three days' purchases, some of them for a project."""
    user_id, project = owner.require_viewer().user_id, await make_project(owner)
    return [
        await bought(user_id, number, project_id=None if number % 4 else project.id) for number in range(60)
    ]


def gid(record: UsageRecord) -> str:
    return document_gid("UsageRecord", record.id)


async def listed(api: Api, who: Context, **wanted: Any) -> list[str]:
    answer = await api(who, LIST, filter=wanted, first=100)
    return [each["id"] for each in answer.payload["nodes"]]


async def test_a_list_is_narrowed_by_time_kind_provider_and_key(
    api: Api, owner: Context, records: list[UsageRecord]
) -> None:
    newest_first = list(reversed(records))
    assert await listed(api, owner) == [gid(each) for each in newest_first]
    assert await listed(api, owner, since="2026-03-01T10:00:00Z", until="2026-03-01T12:00:00Z") == [
        gid(records[11]),
        gid(records[10]),
    ]
    for wanted, field in (
        ({"kind": ["IMAGE", "SCRIPT"]}, lambda each: each.kind is not JobKind.VOICEOVER),
        ({"providers": ["openai"]}, lambda each: each.provider == "openai"),
        ({"whoseKey": ["COMPANY"]}, lambda each: each.whose_key == "COMPANY"),
        (
            {"kind": ["IMAGE"], "providers": ["openai"], "since": "2026-03-02T00:00:00Z"},
            lambda each: each.kind is JobKind.IMAGE and each.provider == "openai" and each.at.day > 1,
        ),
        ({"providers": []}, lambda _: False),
    ):
        expected = [gid(each) for each in newest_first if field(each)]
        assert await listed(api, owner, **wanted) == expected, wanted


def totals(records: list[UsageRecord]) -> dict[str, Any]:
    costs: dict[str, int] = defaultdict(int)
    for each in records:
        costs[each.currency] += each.cost_micros
    return {
        "calls": len(records),
        "unpricedCalls": sum(not each.is_priced for each in records),
        "costs": [{"currency": name, "micros": costs[name]} for name in sorted(costs)],
        "inputTokens": sum(each.input_tokens for each in records),
        "outputTokens": sum(each.output_tokens for each in records),
        "characters": sum(each.characters for each in records),
        "images": sum(each.images for each in records),
        "seconds": sum(each.seconds for each in records),
        "durationMs": sum(each.duration_ms for each in records),
    }


Key = Callable[[UsageRecord], tuple[Any, ...]]
KEYS: dict[str, tuple[tuple[str, ...], Key]] = {
    "byDay": (("day",), lambda each: (each.at.date().isoformat(),)),
    "byKind": (("kind",), lambda each: (each.kind.value,)),
    "byProvider": (("provider",), lambda each: (each.provider,)),
    "byModel": (("provider", "model"), lambda each: (each.provider, each.model)),
    "byProject": (
        ("projectId",),
        lambda each: (None if each.project_id is None else document_gid("Project", each.project_id),),
    ),
    "byUser": (("userId",), lambda each: (document_gid("User", each.owner_id),)),
}


def assert_adds_up(summary: Any, records: list[UsageRecord]) -> None:
    assert summary["totals"] == totals(records)
    for field, (names, key) in KEYS.items():
        groups: dict[tuple[Any, ...], list[UsageRecord]] = defaultdict(list)
        for each in records:
            groups[key(each)].append(each)
        found = {tuple(each[name] for name in names): each["totals"] for each in summary[field]}
        assert found == {name: totals(some) for name, some in groups.items()}, field
        costs = [sum(cost["micros"] for cost in each["totals"]["costs"]) for each in summary[field]]
        if field == "byDay":
            assert list(found) == sorted(found)
        else:
            assert costs == sorted(costs, reverse=True)


async def test_a_summary_is_the_sum_of_its_records(
    api: Api, owner: Context, records: list[UsageRecord]
) -> None:
    user_id = owner.require_viewer().user_id
    await bought(PydanticObjectId(), 3)  # somebody else's
    await bought(user_id, 3, at=MIDNIGHT + timedelta(days=40))
    euros = await bought(user_id, 4, currency="EUR")
    found = await api(owner, SUMMARY, filter=WHOLE)
    assert_adds_up(found.payload, [*records, euros])
    some = await api(owner, SUMMARY, filter={**WHOLE, "kind": ["IMAGE"], "whoseKey": ["USER"]})
    assert_adds_up(some.payload, [each for each in records if each.kind is JobKind.IMAGE])


async def test_a_project_is_added_up_by_who_may_spend_its_money(
    api: Api, studio: Studio, owner: Context
) -> None:
    editor, looker = studio.context(), studio.context()
    roles = {
        editor.require_viewer().user_id: ProjectRole.EDITOR,
        looker.require_viewer().user_id: ProjectRole.VIEWER,
    }
    project = await make_project(owner, collaborators=roles)
    records = [
        await bought(who.require_viewer().user_id, number, project_id=project.id)
        for number, who in enumerate((owner, editor, editor), 5)
    ]
    about = {"id": document_gid("Project", project.id), "filter": WHOLE}
    for who in (owner, editor):
        assert_adds_up((await api(who, OF_PROJECT, **about)).payload, records)
    assert (await api(looker, OF_PROJECT, **about)).codes == ["FORBIDDEN"]
    assert (await api(studio.context(), OF_PROJECT, **about)).codes == ["NOT_FOUND"]


async def test_without_a_range_the_last_thirty_days_are_added_up(api: Api, studio: Studio) -> None:
    fresh = studio.context()
    user_id, now = fresh.require_viewer().user_id, datetime.now(UTC)
    recent = await bought(user_id, 2, at=now - timedelta(days=29))
    await bought(user_id, 1, at=now - timedelta(days=31))
    assert_adds_up((await api(fresh, SUMMARY)).payload, [recent])


@pytest.mark.parametrize(
    "wanted",
    [
        {"since": "2025-01-01T00:00:00Z", "until": "2026-03-01T00:00:00Z"},
        {"since": "2020-01-01T00:00:00Z"},
        {"since": "2026-03-01T00:00:00Z", "until": "2026-03-01T00:00:00Z"},
        {"providers": ["p"] * 51},
        {"until": "0001-01-02T00:00:00Z"},
    ],
)
async def test_a_range_without_bounds_or_sense_is_refused(
    api: Api, owner: Context, wanted: dict[str, Any]
) -> None:
    assert (await api(owner, SUMMARY, filter=wanted)).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("whose", ["owner_id", "project_id", "company_id"])
async def test_what_is_added_up_is_a_walk_of_an_index(studio: Studio, whose: str) -> None:
    del studio
    wanted = UsageFilter(since=MIDNIGHT, until=MIDNIGHT + timedelta(days=1), kinds=["IMAGE"])
    query = wanted.query({whose: PydanticObjectId()})
    plan = str(await UsageRecord.get_pymongo_collection().find(query).explain())
    assert "COLLSCAN" not in plan
    assert "'at': ['(new Date(1772409600000), new Date(1772323200000)]']" in plan


async def test_a_record_names_what_it_was_bought_for(api: Api, studio: Studio) -> None:
    fresh = studio.context()
    user_id, project_id = fresh.require_viewer().user_id, PydanticObjectId()
    cases: list[tuple[dict[str, Any], str | None]] = []
    for kind, node_kind, shown in (
        (JobKind.IMAGE, None, "Frame"),
        (JobKind.CLIP, None, "Scene"),
        (JobKind.REWRITE, "Scene", "Scene"),
    ):
        node = PydanticObjectId()
        cases.append(
            ({"kind": kind, "node_id": node, "node_kind": node_kind}, tree_gid(shown, project_id, node))
        )
    for kind, shown in ((JobKind.CHAT_REPLY, "Chat"), (JobKind.CHARACTER_ANALYSIS, "Character")):
        node = PydanticObjectId()
        cases.append(({"kind": kind, "node_id": node}, document_gid(shown, node)))
    cases.append(({"kind": JobKind.SCRIPT, "node_id": None}, None))
    for number, (values, _) in enumerate(cases):
        await bought(user_id, number, project_id=project_id, **values)
    found = (await api(fresh, LIST)).payload["nodes"]
    assert [each["nodeId"] for each in reversed(found)] == [shown for _, shown in cases]
    assert await Project.get(project_id) is None
