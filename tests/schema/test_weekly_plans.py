"""Plans through the API: made by a job, put right, and turned into projects once each."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.jobs.job import Job, JobState
from documents.jobs.usage_record import UsageRecord
from documents.projects.project import Project
from documents.writers_room.built_in_personas import HISTORIAN, STORYTELLER
from documents.writers_room.weekly_plan import MOST_ENTRIES, PlanEntry, WeeklyPlan
from providers.protocols.chat import Plan, PlannedVideo, PlanRequest
from providers.protocols.offer import Usage
from schema.ids import any_ref, document_gid
from tests.people import make_user
from tests.schema.company_desk import Worker, make_member
from tests.schema.desk import Desk, make_film
from tests.studio import local_providers
from tests.writers_room import COST, Dreamer, Salon, open_salon, writers

PLAN = """plan {
  id brief startsOn days language madeAt revision job { state }
  entries { id day title topic hook hashtags projectId }
}"""
SHOW_PLAN = f"query($id: ID!) {{ weeklyPlan(id: $id) {{ {PLAN.partition('{')[2]} }}"
PERSONA = document_gid("Persona", STORYTELLER.id)
GIVEN = {"personaId": PERSONA, "brief": "Bees", "startsOn": "2026-12-30", "days": 3, "perDay": 2}
PROJECT = "project { id title tags personaId showId episodeNumber brief { topic prompt language } }"


class Room:
    """Somebody who plans, and a worker."""

    def __init__(self, desk: Desk, scratch: Path, user_id: PydanticObjectId) -> None:
        self.desk, self.scratch = desk, scratch
        self.dreamer = Dreamer()
        open_salon(desk.studio, Salon(dreamer=self.dreamer))
        self.person = make_member(desk, None)
        self.person.user_id = user_id

    async def work(self, plan: Any) -> Job:
        stored = await WeeklyPlan.get(any_ref(plan["id"], "id").oid)
        assert stored is not None
        await self.desk.studio.engine(writers(self.desk.studio, self.scratch)).run(stored.job_id)
        job = await Job.get(stored.job_id)
        assert job is not None
        return job

    async def planned(self, **values: Any) -> Any:
        payload = await self.person.change("makeWeeklyPlan", GIVEN | values, PLAN)
        assert payload["userErrors"] == []
        job = await self.work(payload["plan"])
        assert job.state is JobState.SUCCEEDED, job.error
        return (await self.person.ask(SHOW_PLAN, id=payload["plan"]["id"]))["weeklyPlan"]


@pytest.fixture
async def room(desk: Desk, tmp_path: Path) -> Room:
    return Room(desk, tmp_path, (await make_user()).id)


async def test_a_plan_is_made_by_a_job_and_paid_once(room: Room) -> None:
    await make_film(room.person.user_id, title="How bees dance")
    asked = await room.person.change("makeWeeklyPlan", GIVEN, PLAN)
    assert (asked["plan"]["entries"], asked["plan"]["madeAt"]) == ([], None)
    job = await room.work(asked["plan"])
    assert (job.state, job.cost_micros) == (JobState.SUCCEEDED, COST)
    assert await UsageRecord.find({"job_id": job.id}).count() == 1
    plan = (await room.person.ask(SHOW_PLAN, id=asked["plan"]["id"]))["weeklyPlan"]
    days = ["2026-12-30", "2026-12-31", "2027-01-01"]
    assert [each["day"] for each in plan["entries"]] == [day for day in days for _ in range(2)]
    assert plan["entries"][0]["hashtags"] == ["bees"]
    (request,) = room.dreamer.asked
    assert (request.brief, request.days, request.per_day, request.language) == ("Bees", tuple(days), 2, "en")
    assert request.avoid == ("How bees dance", "bees")
    assert request.persona.instructions == STORYTELLER.traits.instructions


async def test_an_entry_is_put_right_and_becomes_one_project(room: Room) -> None:
    plan = await room.planned(language="pt")
    entry = plan["entries"][0]
    given = {"entryId": entry["id"], "title": "Bees by night", "expectedRevision": plan["revision"]}
    changed = await room.person.change("updateWeeklyPlanEntry", given, PLAN)
    assert changed["plan"]["entries"][0]["title"] == "Bees by night"
    stale = await room.person.change("updateWeeklyPlanEntry", given, PLAN)
    assert stale["userErrors"][0]["code"] == "REVISION_CONFLICT"
    wanted = {"entryId": entry["id"]}
    made = await asyncio.gather(
        *(room.person.change("createProjectFromPlanEntry", wanted, PROJECT) for _ in range(4))
    )
    assert len({each["project"]["id"] for each in made}) == 1
    project = made[0]["project"]
    assert (project["title"], project["tags"], project["personaId"]) == ("Bees by night", ["bees"], PERSONA)
    assert project["brief"] == {
        "topic": "Bees at night",
        "prompt": "Open with: Did you know?",
        "language": "pt",
    }
    assert await Project.find({"owner_id": room.person.user_id}).count() == 1
    plan = (await room.person.ask(SHOW_PLAN, id=plan["id"]))["weeklyPlan"]
    assert plan["entries"][0]["projectId"] == project["id"]
    await room.person.change("deleteProject", {"projectId": project["id"]})
    gone = await room.person.change("createProjectFromPlanEntry", wanted, PROJECT)
    assert [(each["code"], each["field"]) for each in gone["userErrors"]] == [("INVALID", "input.entryId")]


async def test_entries_are_added_and_removed_by_hand(room: Room) -> None:
    person = room.person
    asked = (await person.change("makeWeeklyPlan", GIVEN | {"days": 1}, PLAN))["plan"]
    new = {"planId": asked["id"], "day": "2027-01-05", "title": "Wax", "topic": "How wax is made"}
    early = await person.change("addWeeklyPlanEntry", new, PLAN)
    assert [each["title"] for each in early["plan"]["entries"]] == ["Wax"]
    await room.work(asked)
    plan = (await person.ask(SHOW_PLAN, id=asked["id"]))["weeklyPlan"]
    assert [each["day"] for each in plan["entries"]] == ["2026-12-30", "2026-12-30", "2027-01-05"]
    revision = plan["revision"]
    given = new | {"title": "Honey", "hook": "Sweet?", "hashtags": ["honey"], "expectedRevision": revision}
    added = (await person.change("addWeeklyPlanEntry", given, PLAN))["plan"]
    honey = added["entries"][-1]
    assert (honey["title"], honey["hook"], honey["hashtags"]) == ("Honey", "Sweet?", ["honey"])
    assert added["revision"] == revision + 1
    for name, wanted in (("addWeeklyPlanEntry", given), ("removeWeeklyPlanEntry", {"entryId": honey["id"]})):
        stale = await person.change(name, wanted | {"expectedRevision": revision}, PLAN)
        assert stale["userErrors"][0]["code"] == "REVISION_CONFLICT"
        assert stale["plan"]["revision"] == revision + 1
    made = await person.change("createProjectFromPlanEntry", {"entryId": honey["id"]}, PROJECT)
    removed = await person.change("removeWeeklyPlanEntry", {"entryId": honey["id"]}, PLAN)
    assert removed["plan"]["entries"] == plan["entries"]
    assert await Project.get(any_ref(made["project"]["id"], "id").oid) is not None
    assert await person.code("removeWeeklyPlanEntry", {"entryId": honey["id"]}) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": "2027-02-30"}, "input.day"),
        ({"title": " "}, "input.title"),
        ({"topic": ""}, "input.topic"),
        ({"hook": "x" * 501}, "input.hook"),
        ({"hashtags": ["x"] * 31}, "input.hashtags"),
    ],
)
async def test_an_entry_that_makes_no_sense_is_not_added(
    room: Room, values: dict[str, Any], field: str
) -> None:
    plan = await room.planned(days=1)
    given = {"planId": plan["id"], "day": "2027-01-05", "title": "Wax", "topic": "Wax", **values}
    refused = await room.person.change("addWeeklyPlanEntry", given, PLAN)
    assert [(each["code"], each["field"]) for each in refused["userErrors"]] == [("INVALID", field)]
    assert (await room.person.ask(SHOW_PLAN, id=plan["id"]))["weeklyPlan"] == plan


async def test_a_plan_is_full_in_the_end(room: Room) -> None:
    plan = await room.planned(days=1)
    one = PlanEntry(day="2027-01-05", title="Wax", topic="Wax").stored()
    entries = [one | {"_id": PydanticObjectId()} for _ in range(MOST_ENTRIES - 1)]
    oid = any_ref(plan["id"], "id").oid
    await WeeklyPlan.get_pymongo_collection().update_one({"_id": oid}, {"$set": {"entries": entries}})
    given = {"planId": plan["id"], "day": "2027-01-05", "title": "Wax", "topic": "Wax"}
    both = [await room.person.change("addWeeklyPlanEntry", given, "plan { id }") for _ in range(2)]
    assert [[each["code"] for each in made["userErrors"]] for made in both] == [[], ["LIMIT_EXCEEDED"]]


async def test_a_plan_for_a_show_makes_its_next_episodes(room: Room) -> None:
    historian = document_gid("Persona", HISTORIAN.id)
    about = {"name": "Hive", "description": "Bees.", "language": "de", "personaId": historian}
    show = (await room.person.change("createShow", about, "show { id }"))["show"]
    await room.person.change("createEpisode", {"showId": show["id"], "topic": "The queen"})
    plan = await room.planned(showId=show["id"], days=1)
    (request,) = room.dreamer.asked
    assert (request.show, request.language, request.avoid) == ("Hive. Bees.", "de", ("The queen",))
    numbers = []
    for entry in plan["entries"]:
        made = await room.person.change("createProjectFromPlanEntry", {"entryId": entry["id"]}, PROJECT)
        numbers.append(made["project"]["episodeNumber"])
        assert (made["project"]["showId"], made["project"]["personaId"]) == (show["id"], historian)
    assert numbers == [2, 3]


async def test_what_a_model_plans_beside_the_point_is_left_out(room: Room) -> None:
    odd = [
        PlannedVideo("2026-12-30", " A\nB\x07 ", "", "h" * 900, ("#one", "one", " ", "t" * 90)),
        PlannedVideo("2026-12-30", "One too many", "t", "h"),
        PlannedVideo("1999-01-01", "Another day", "t", "h"),
        PlannedVideo("2026-12-31", "", " ", "h"),
    ]

    async def plan(request: PlanRequest) -> Plan:
        del request
        return Plan(tuple(odd), Usage(provider="salon", model="m", duration_ms=1))

    room.dreamer.plan = plan  # type: ignore[method-assign]
    (entry,) = (await room.planned(perDay=1))["entries"]
    assert (entry["title"], entry["topic"], len(entry["hook"])) == ("A B", "A B", 500)
    assert entry["hashtags"] == ["one", "t" * 60]
    odd.clear()
    empty = await room.person.change("makeWeeklyPlan", GIVEN, PLAN)
    job = await room.work(empty["plan"])
    assert job.error is not None
    assert job.error.code == "PLAN_EMPTY"


async def test_a_plan_ordered_twice_is_made_once_and_a_deleted_one_not_at_all(room: Room) -> None:
    given = GIVEN | {"idempotencyKey": "k"}
    both = await asyncio.gather(*(room.person.change("makeWeeklyPlan", given, PLAN) for _ in range(3)))
    assert len({each["plan"]["id"] for each in both}) == 1
    assert await WeeklyPlan.find({"owner_id": room.person.user_id}).count() == 1
    plan = both[0]["plan"]
    job_id = (await WeeklyPlan.find({"owner_id": room.person.user_id}).to_list())[0].job_id
    gone = await room.person.change("deleteWeeklyPlan", {"planId": plan["id"]}, "deletedPlanId")
    assert gone["deletedPlanId"] == plan["id"]
    job = await Job.get(job_id)
    assert job is not None
    assert job.state is JobState.CANCELED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"brief": ""}, "input.brief"),
        ({"startsOn": "tomorrow"}, "input.startsOn"),
        ({"startsOn": "2026-02-30"}, "input.startsOn"),
        ({"startsOn": "9999-12-31"}, "input.startsOn"),
        ({"days": 32}, "input.days"),
        ({"perDay": 0}, "input.perDay"),
        ({"language": "x"}, "input.language"),
    ],
)
async def test_what_cannot_be_planned_is_refused(room: Room, given: dict[str, Any], field: str) -> None:
    payload = await room.person.change("makeWeeklyPlan", GIVEN | given, PLAN)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [("INVALID", field)]
    assert await WeeklyPlan.find({"owner_id": room.person.user_id}).count() == 0


async def test_without_a_planner_nothing_is_planned(room: Room) -> None:
    services = room.desk.studio.services
    object.__setattr__(services, "providers", local_providers())
    refused = await room.person.change("makeWeeklyPlan", GIVEN, PLAN)
    assert [each["code"] for each in refused["userErrors"]] == ["UNSUPPORTED"]


async def test_plans_are_their_owners_alone(desk: Desk, room: Room) -> None:
    plan = await room.planned()
    other: Worker = make_member(desk, None)
    assert (await other.run(SHOW_PLAN, id=plan["id"]))["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    entry = plan["entries"][0]["id"]
    assert await other.code("createProjectFromPlanEntry", {"entryId": entry}) == "NOT_FOUND"
    listed = "{ weeklyPlans(first: 5) { nodes { id } } }"
    assert (await other.ask(listed))["weeklyPlans"]["nodes"] == []
    assert [each["id"] for each in (await room.person.ask(listed))["weeklyPlans"]["nodes"]] == [plan["id"]]
