from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import NEWEST_OF_NODE, Job, JobKind, JobState
from documents.projects.project import Project, ProjectStatus
from documents.projects.project_role import ProjectRole
from resolvers.context import Context
from resolvers.jobs.generation import new_job
from schema.ids import any_ref, document_gid, tree_gid
from tasks.job_engine.work import Done, Hopeless, Report
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project, make_render, with_assets

START = """mutation($input: StartProductionInput!) {
  startProduction(input: $input) { job { id state } userErrors { code field message } } }"""
STEER = """mutation($input: %sJobInput!) {
  %sJob(input: $input) {
    job { id state isCancelRequested error { code } } userErrors { code field message } } }"""
JOB = """query($id: ID!) { job(id: $id) {
  id kind state progress stage unitsDone unitsTotal attempt maxAttempts priority isCancelRequested remainingS
  queuedAt startedAt finishedAt nodeId rootId projectId
  error { code message isRetryable } cost { minor currency } estimate { durationS cost { minor currency } }
  parent { id } project { id title } render { id sha256 }
  children(first: 2) { nodes { id parent { id } } edges { cursor } pageInfo { hasNextPage endCursor } } } }"""
JOBS = """query($id: ID!, $filter: JobFilter, $first: Int, $after: String, $last: Int, $before: String) {
  jobs(projectId: $id, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def steer(verb: str) -> str:
    return STEER % (verb.capitalize(), verb)


async def produced(api: Api, owner: Context) -> tuple[Project, str]:
    """A project and the id of its production, which waits for a worker."""
    project = await make_project(owner, frames=[make_frame()])
    answer = await api(owner, START, input={"projectId": document_gid("Project", project.id)})
    assert answer.user_codes == []
    return project, answer.payload["job"]["id"]


async def stored(gid: str) -> Job:
    job = await Job.get(any_ref(gid, "id").oid)
    assert job is not None
    return job


async def refuse(job: Job, report: Report) -> Done:
    del job, report
    raise Hopeless("REFUSED", "No.")


async def test_a_job_is_shown_whole(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project, gid = await produced(api, owner)
    answer = await api(owner, JOB, id=gid)
    assert answer.codes == []
    job = answer.payload
    assert (job["kind"], job["state"], job["attempt"], job["maxAttempts"]) == (
        "PRODUCTION",
        "QUEUED",
        0,
        (await stored(gid)).max_attempts,
    )
    assert (job["rootId"], job["projectId"]) == (gid, document_gid("Project", project.id))
    assert (job["nodeId"], job["parent"], job["render"], job["remainingS"]) == (None, None, None, None)
    assert (job["project"]["title"], job["cost"]) == ("Bees", {"minor": 0, "currency": "USD"})
    assert job["estimate"]["durationS"] > 0
    assert job["children"]["nodes"] == []


async def test_a_finished_production_shows_its_render(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project, gid = await produced(api, owner)
    render = await make_render(project, await stored(gid))

    async def finish(job: Job, report: Report) -> Done:
        del job, report
        return Done(result={"render_id": str(render.id)})

    await studio.engine({JobKind.PRODUCTION: finish}).run((await stored(gid)).id)
    job = (await api(owner, JOB, id=gid)).payload
    assert (job["state"], job["render"]["id"]) == ("SUCCEEDED", document_gid("Render", render.id))


async def test_a_project_shows_its_production_and_its_newest_render(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project, gid = await produced(api, owner)
    render = await make_render(project, await stored(gid))
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": {"latest_render_id": render.id}}
    )
    answer = await api(
        owner,
        "query($id: ID!) { project(id: $id) { production { id } latestRender { id url } } }",
        id=document_gid("Project", project.id),
    )
    assert answer.payload["production"]["id"] == gid
    assert answer.payload["latestRender"]["id"] == document_gid("Render", render.id)


@pytest.mark.parametrize("verb", ["cancel", "pause", "resume", "retry"])
async def test_anothers_job_is_not_there_and_stays_as_it_is(api: Api, studio: Studio, verb: str) -> None:
    owner, other = studio.context(), studio.context()
    _, gid = await produced(api, owner)
    before = await stored(gid)
    answer = await api(other, steer(verb), input={"jobId": gid})
    assert answer.codes == ["NOT_FOUND"]
    assert (await api(other, JOB, id=gid)).data == {"job": None}
    assert (await api(other, "query($id: ID!) { node(id: $id) { id } }", id=gid)).data == {"node": None}
    assert await stored(gid) == before


@pytest.mark.parametrize("verb", ["cancel", "pause", "resume", "retry"])
async def test_who_may_only_look_may_not_steer(api: Api, studio: Studio, verb: str) -> None:
    owner, looker = studio.context(), studio.context()
    project, gid = await produced(api, owner)
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id},
        {
            "$push": {
                "collaborators": {
                    "user_id": looker.require_viewer().user_id,
                    "role": ProjectRole.VIEWER.value,
                }
            }
        },
    )
    assert (await api(looker, JOB, id=gid)).payload["id"] == gid
    assert (await api(looker, steer(verb), input={"jobId": gid})).codes == ["FORBIDDEN"]


async def test_canceling_ends_a_production_and_frees_its_project(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project, gid = await produced(api, owner)
    for _ in range(2):  # once more changes nothing
        answer = await api(owner, steer("cancel"), input={"jobId": gid})
        assert answer.user_codes == []
        assert answer.payload["job"]["state"] == "CANCELED"
    free = await Project.get(project.id)
    assert free is not None
    assert (free.production_id, free.status) == (None, ProjectStatus.DRAFT)


async def test_what_is_done_cannot_be_canceled_paused_or_retried(api: Api, studio: Studio) -> None:
    owner = studio.context()
    _, gid = await produced(api, owner)
    await studio.engine().run((await stored(gid)).id)
    before = await stored(gid)
    for verb in ("cancel", "pause", "resume", "retry"):
        answer = await api(owner, steer(verb), input={"jobId": gid})
        assert answer.user_codes == [("INVALID", "input.jobId")], verb
        assert answer.payload["job"]["state"] == "SUCCEEDED"
    assert await stored(gid) == before


async def test_pausing_and_resuming_go_there_and_back(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project, gid = await produced(api, owner)
    for verb, state, status in (
        ("pause", "PAUSED", ProjectStatus.PAUSED),
        ("pause", "PAUSED", ProjectStatus.PAUSED),
        ("resume", "RUNNING", ProjectStatus.PRODUCING),
        ("resume", "RUNNING", ProjectStatus.PRODUCING),
    ):
        answer = await api(owner, steer(verb), input={"jobId": gid})
        assert answer.user_codes == []
        assert answer.payload["job"]["state"] == state
        now = await Project.get(project.id)
        assert now is not None
        assert now.status is status
    await studio.engine().run((await stored(gid)).id)
    assert (await stored(gid)).state is JobState.SUCCEEDED


async def test_single_jobs_cannot_be_paused(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner)
    answer = await api(
        owner,
        "mutation($input: GenerateMusicInput!) { generateMusic(input: $input) { job { id } userErrors { "
        "code field } } }",
        input={"projectId": document_gid("Project", project.id)},
    )
    gid = answer.payload["job"]["id"]
    answer = await api(owner, steer("pause"), input={"jobId": gid})
    assert answer.user_codes == [("INVALID", "input.jobId")]
    assert answer.payload["job"]["state"] == "QUEUED"


async def test_a_failed_production_can_be_retried_unless_another_one_runs(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project, gid = await produced(api, owner)
    await studio.engine({JobKind.PRODUCTION: refuse}).run((await stored(gid)).id)
    failed = (await api(owner, JOB, id=gid)).payload
    assert (failed["state"], failed["error"]) == (
        "FAILED",
        {"code": "REFUSED", "message": "No.", "isRetryable": False},
    )
    second = await api(owner, START, input={"projectId": document_gid("Project", project.id)})
    running = second.payload["job"]["id"]
    locked = await api(owner, steer("retry"), input={"jobId": gid})
    assert locked.user_codes == [("PROJECT_LOCKED", None)]
    assert locked.payload["job"]["id"] == running
    await api(owner, steer("cancel"), input={"jobId": running})
    again = await api(owner, steer("retry"), input={"jobId": gid})
    assert again.user_codes == []
    assert (again.payload["job"]["state"], again.payload["job"]["error"]) == ("QUEUED", None)
    await studio.engine().run((await stored(gid)).id)
    assert (await stored(gid)).state is JobState.SUCCEEDED


async def test_who_retries_somebody_elses_job_pays_for_it(api: Api, studio: Studio) -> None:
    owner, editor = studio.context(), studio.context()
    assert owner.viewer is not None
    assert editor.viewer is not None
    project = await make_project(
        owner, frames=[make_frame()], collaborators={editor.viewer.user_id: ProjectRole.EDITOR}
    )
    given = {"projectId": document_gid("Project", project.id), "idempotencyKey": "1"}
    gid = (await api(owner, START, input=given)).payload["job"]["id"]
    root = await stored(gid)
    child_id = PydanticObjectId()
    child = root.model_copy(update={"id": child_id, "kind": JobKind.IMAGE, "idempotency_key": None})
    await child.model_copy(update={"parent_id": root.id, "state": JobState.FAILED}).insert()
    await studio.engine({JobKind.PRODUCTION: refuse}).run(root.id)
    again = await api(editor, steer("retry"), input={"jobId": gid})
    assert again.user_codes == []
    for job_id in (root.id, child_id):
        job = await Job.get(job_id)
        assert job is not None
        assert job.owner_id == editor.viewer.user_id
    assert (await stored(gid)).idempotency_key is None


async def test_lists_are_paged_from_both_ends_and_filtered(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame() for _ in range(5)])
    gid = document_gid("Project", project.id)
    made = await api(
        owner,
        """mutation($input: GenerateImagesInput!) { generateImages(input: $input) {
          jobs { id nodeId } userErrors { code field } } }""",
        input={"projectId": gid},
    )
    frames = [tree_gid("Frame", project.id, frame.id) for frame in project.script.scenes[0].frames]
    assert [job["nodeId"] for job in made.payload["jobs"]] == frames
    everything = [node["id"] for node in (await api(owner, JOBS, id=gid)).payload["nodes"]]
    assert sorted(everything) == sorted(job["id"] for job in made.payload["jobs"])
    seen: list[str] = []
    after = None
    while True:
        page = (await api(owner, JOBS, id=gid, first=2, after=after)).payload
        seen += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == everything
    tail = (await api(owner, JOBS, id=gid, last=2)).payload
    assert [node["id"] for node in tail["nodes"]] == everything[-2:]
    before = (await api(owner, JOBS, id=gid, last=2, before=tail["pageInfo"]["startCursor"])).payload
    assert [node["id"] for node in before["nodes"]] == everything[-4:-2]
    for wanted, count in (
        ({"state": ["QUEUED"]}, 5),
        ({"state": ["FAILED"]}, 0),
        ({"kind": ["VOICEOVER"]}, 0),
        ({"kind": ["IMAGE"], "onlyRoots": True}, 5),
    ):
        assert len((await api(owner, JOBS, id=gid, filter=wanted)).payload["nodes"]) == count


async def test_a_node_finds_all_that_was_ordered_for_it(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame(), make_frame()])
    gid = document_gid("Project", project.id)
    scene = project.script.scenes[0]
    wanted, other = scene.frames
    made = [
        await new_job(owner, kind, project.id, node_id=node_id).model_copy(update={"queued_at": at}).insert()
        for node_id in (wanted.id, other.id, scene.id)
        for kind, at in (
            (JobKind.IMAGE, datetime(2026, 3, 1, tzinfo=UTC)),
            (JobKind.VOICEOVER, datetime(2026, 3, 2, tzinfo=UTC)),
        )
    ]
    ids = [document_gid("Job", job.id) for job in made]

    async def found(**narrowed: Any) -> list[str]:
        answer = await api(owner, JOBS, id=gid, filter=narrowed)
        return [each["id"] for each in answer.payload["nodes"]]

    frame = tree_gid("Frame", project.id, wanted.id)
    assert await found(nodeId=frame) == [ids[1], ids[0]]
    assert await found(nodeId=frame, kind=["IMAGE"]) == [ids[0]]
    assert await found(nodeId=tree_gid("Scene", project.id, scene.id)) == [ids[5], ids[4]]
    assert await found(nodeId=document_gid("Upload", PydanticObjectId())) == []
    for wrong in ("x", tree_gid("Frame", PydanticObjectId(), wanted.id)):
        assert (await api(owner, JOBS, id=gid, filter={"nodeId": wrong})).codes == ["BAD_USER_INPUT"]
    query = {"project_id": project.id, "node_id": wanted.id}
    walk = Job.get_pymongo_collection().find(query).sort([("queued_at", -1), ("_id", -1)])
    plan = await walk.hint(NEWEST_OF_NODE).explain()
    stats = plan["executionStats"]
    assert (stats["totalKeysExamined"], stats["totalDocsExamined"]) == (2, 2)
    assert "'stage': 'SORT'" not in str(plan["queryPlanner"]["winningPlan"])


async def test_a_list_refuses_what_it_did_not_hand_out(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner)
    gid = document_gid("Project", project.id)
    wrong: list[dict[str, Any]] = [{"after": "x"}, {"after": "MTox"}, {"first": 1, "last": 1}]
    for given in wrong:
        assert (await api(owner, JOBS, id=gid, **given)).codes == ["BAD_USER_INPUT"]
    assert (await api(studio.context(), JOBS, id=gid)).codes == ["NOT_FOUND"]


async def test_ids_of_other_types_are_the_clients_mistake(api: Api, studio: Studio) -> None:
    owner = studio.context()
    for wrong in ("rubbish", document_gid("Project", PydanticObjectId())):
        assert (await api(owner, steer("cancel"), input={"jobId": wrong})).codes == ["BAD_USER_INPUT"]
    missing = document_gid("Job", PydanticObjectId())
    assert (await api(owner, steer("cancel"), input={"jobId": missing})).codes == ["NOT_FOUND"]


async def test_skipping_a_scene_cancels_what_is_still_to_be_made_for_it(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame(), with_assets(make_frame())])
    scene = project.script.scenes[0]
    gid = tree_gid("Scene", project.id, scene.id)
    skip = """mutation($input: SkipSceneInput!) { skipScene(input: $input) {
      scene { id isSkipped } canceledJobs { state } userErrors { code } } }"""
    await api(
        owner,
        "mutation($input: GenerateImagesInput!) { generateImages(input: $input) { userErrors { code } } }",
        input={"projectId": document_gid("Project", project.id)},
    )
    assert (await api(studio.context(), skip, input={"sceneId": gid})).codes == ["NOT_FOUND"]
    answer = await api(owner, skip, input={"sceneId": gid})
    assert answer.payload == {
        "scene": {"id": gid, "isSkipped": True},
        "canceledJobs": [{"state": "CANCELED"}] * 2,
        "userErrors": [],
    }
    current = await Project.get(project.id)
    assert current is not None
    assert current.shown_frames() == []


async def test_a_page_of_jobs_loads_its_project_once_and_its_tree_only_where_it_is_asked_for(
    api: Api, studio: Studio, database: AsyncDatabase[dict[str, Any]]
) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[with_assets(make_frame()) for _ in range(20)])
    gid = document_gid("Project", project.id)
    start = "mutation($input: GenerateImagesInput!) { generateImages(input: $input) { userErrors { code } } }"
    assert (await api(owner, start, input={"projectId": gid})).user_codes == []
    document = "query($id: ID!) { jobs(projectId: $id, first: 100) { nodes { project { %s } } } }"
    for selection, loads, whole in (
        ("id title", 2, 0),  # to see whether the viewer may list its jobs, and to show it
        ("id script { scenes { title } }", 3, 1),
    ):
        await database.drop_collection("system.profile")
        await database.command("profile", 2)
        found = await api(studio.context(owner.require_viewer().user_id), document % selection, id=gid)
        await database.command("profile", 0)
        assert len(found.payload["nodes"]) == 20
        collection = f"{database.name}.{Project.get_pymongo_collection().name}"
        asked = await database["system.profile"].find({"op": "query", "ns": collection}).to_list()
        assert len(asked) == loads
        assert len([each for each in asked if "projection" not in each["command"]]) == whole
