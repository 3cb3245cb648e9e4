from typing import Any
from uuid import uuid4

import pytest
from beanie import PydanticObjectId

from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from resolvers.jobs.generation import INTERACTIVE_PRIORITY
from schema.ids import any_ref, document_gid, tree_gid
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project, with_assets

START = """mutation($input: StartProductionInput!) {
  startProduction(input: $input) { job { id state } userErrors { code field message } } }"""
ESTIMATE = """query($id: ID!, $mode: ProductionMode!, $stop: ProductionStage!) {
  productionEstimate(projectId: $id, mode: $mode, stopAfter: $stop) {
    stages { stage pieces { kind count } durationS cost { minor } }
    durationS videoDurationS cost { minor currency } } }"""
ONE = """mutation($input: %sInput!) { %s(input: $input) {
  job { id kind priority } userErrors { code field message } } }"""
MANY = """mutation($input: %sInput!) { %s(input: $input) {
  jobs { id kind nodeId priority } userErrors { code field message } } }"""


def document(name: str) -> str:
    shape = MANY if name in {"generateImages", "generateVoiceovers"} else ONE
    return shape % (name[0].upper() + name[1:], name)


def gid_of(project: Project) -> str:
    return document_gid("Project", project.id)


async def count_jobs(project: Project) -> int:
    return await Job.find({"project_id": project.id}).count()


EVERY_START = [
    "startProduction",
    "generateScript",
    "generateImages",
    "generateVoiceovers",
    "generateMusic",
    "renderProject",
]


@pytest.mark.parametrize("name", EVERY_START)
async def test_nothing_is_started_in_anothers_project(api: Api, studio: Studio, name: str) -> None:
    owner, other, looker = studio.context(), studio.context(), studio.context()
    project = await make_project(
        owner,
        frames=[with_assets(make_frame())],
        topic="Bees",
        collaborators={looker.require_viewer().user_id: ProjectRole.VIEWER},
    )
    given = {"projectId": gid_of(project)}
    assert (await api(other, document(name), input=given)).codes == ["NOT_FOUND"]
    assert (await api(looker, document(name), input=given)).codes == ["FORBIDDEN"]
    assert await count_jobs(project) == 0
    assert (await api(owner, document(name), input=given)).user_codes == []
    assert await count_jobs(project) == 1


@pytest.mark.parametrize("name", EVERY_START)
async def test_the_same_key_starts_one_job(api: Api, studio: Studio, name: str) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[with_assets(make_frame())], topic="Bees")
    given = {"projectId": gid_of(project), "idempotencyKey": str(uuid4())}
    first, second = [(await api(owner, document(name), input=given)).payload for _ in range(2)]
    assert first == second
    assert await count_jobs(project) == 1
    elsewhere = await make_project(owner, frames=[with_assets(make_frame())], topic="Bees")
    if name not in {"generateImages", "generateVoiceovers"}:  # their keys hold the frame
        taken = await api(owner, document(name), input=given | {"projectId": gid_of(elsewhere)})
        assert taken.user_codes == [("INVALID", "input.idempotencyKey")]
        assert await count_jobs(elsewhere) == 0
    for key in ("", "k" * 201):
        wrong = await api(owner, document(name), input=given | {"idempotencyKey": key})
        assert wrong.user_codes == [("INVALID", "input.idempotencyKey")]


@pytest.mark.parametrize("meant", ["all frames", "named frames"])
@pytest.mark.parametrize("name", EVERY_START)
async def test_order_that_comes_again_finds_its_jobs_though_it_would_now_be_refused(
    api: Api, studio: Studio, name: str, meant: str
) -> None:
    owner = studio.context()
    frames = [with_assets(make_frame()) for _ in range(3)]
    project = await make_project(owner, frames=frames, topic="Bees")
    given: dict[str, Any] = {"projectId": gid_of(project), "idempotencyKey": f"$ne:{uuid4()}.*"}
    if meant == "named frames" and name in {"generateImages", "generateVoiceovers"}:
        given["frameIds"] = [tree_gid("Frame", project.id, frame.id) for frame in frames]
    first = (await api(owner, document(name), input=given)).payload
    assert first["userErrors"] == []
    before = await count_jobs(project)
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id},
        {"$set": {"script.scenes": [], "brief.topic": None, "style.music_provider": "gone"}},
    )
    assert (await api(owner, document(name), input=given)).payload == first
    fresh = await api(owner, document(name), input=given | {"idempotencyKey": str(uuid4())})
    assert len(fresh.user_codes) == 1
    shorter = await api(owner, document(name), input=given | {"idempotencyKey": "$ne"})
    assert len(shorter.user_codes) == 1
    assert await count_jobs(project) == before


async def test_a_second_production_is_refused_and_the_first_one_named(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    first = (await api(owner, START, input={"projectId": gid_of(project)})).payload["job"]
    second = await api(owner, START, input={"projectId": gid_of(project)})
    assert second.user_codes == [("PROJECT_LOCKED", None)]
    assert second.payload["job"]["id"] == first["id"]
    script = await api(owner, document("generateScript"), input={"projectId": gid_of(project)})
    assert script.user_codes == [("PROJECT_LOCKED", None)]
    assert script.payload["job"]["id"] == first["id"]
    assert await count_jobs(project) == 1


async def test_nothing_to_produce_says_what_to_set(api: Api, studio: Studio) -> None:
    owner = studio.context()
    empty = await make_project(owner)
    skipped = await make_project(owner, frames=[make_frame(is_skipped=True)])
    for project, word in ((empty, "brief.topic"), (skipped, "skipped")):
        answer = await api(owner, START, input={"projectId": gid_of(project)})
        assert answer.user_codes == [("INVALID", "input.projectId")]
        assert word in answer.payload["userErrors"][0]["message"]
        assert await count_jobs(project) == 0
    answer = await api(owner, document("generateScript"), input={"projectId": gid_of(empty)})
    assert answer.user_codes == [("INVALID", "input.projectId")]


@pytest.mark.parametrize(
    ("style", "names", "word"),
    [
        ({"voice": "$nobody"}, ["startProduction", "generateVoiceovers"], "$nobody"),
        ({"speech_provider": "elsewhere"}, ["startProduction", "generateVoiceovers"], "PROVIDERS_SPEECH"),
        ({"image_provider": "elsewhere"}, ["startProduction", "generateImages"], "PROVIDERS_IMAGE"),
        ({"music_provider": "elsewhere"}, ["startProduction", "generateMusic"], "PROVIDERS_MUSIC"),
        ({"writer_provider": "elsewhere"}, ["generateScript"], "PROVIDERS_SCRIPT"),
    ],
)
async def test_what_is_not_offered_is_refused_before_it_starts(
    api: Api, studio: Studio, style: dict[str, Any], names: list[str], word: str
) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame()], topic="Bees")
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": {f"style.{name}": value for name, value in style.items()}}
    )
    for name in names:
        answer = await api(owner, document(name), input={"projectId": gid_of(project)})
        assert answer.user_codes == [("UNSUPPORTED", None)], name
        assert word in answer.payload["userErrors"][0]["message"]
    assert await count_jobs(project) == 0


async def test_what_a_person_asks_for_directly_goes_first(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame()], topic="Bees")
    answer = await api(owner, document("generateImages"), input={"projectId": gid_of(project)})
    assert answer.payload["jobs"][0]["priority"] == INTERACTIVE_PRIORITY > 0


async def test_new_pictures_of_a_frame_are_never_alike(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[with_assets(make_frame()), make_frame()])
    frame = project.script.scenes[0].frames[0]
    given = {
        "projectId": gid_of(project),
        "frameIds": [tree_gid("Frame", project.id, frame.id)],
        "count": 2,
    }
    for _ in range(2):
        assert (await api(owner, document("generateImages"), input=given)).user_codes == []
    jobs = await Job.find({"project_id": project.id}).to_list()
    assert {job.node_id for job in jobs} == {frame.id}
    assert sorted(job.ordinal for job in jobs) == [1, 2, 3, 4]
    assert sorted(job.payload["choose"] for job in jobs) == [False, False, True, True]


async def test_orders_for_frames_are_checked_whole_before_any_job_starts(api: Api, studio: Studio) -> None:
    owner = studio.context()
    silent = make_frame(narration="")
    project = await make_project(owner, frames=[make_frame(), silent])
    other = await make_project(owner, frames=[make_frame()])
    gone = tree_gid("Frame", project.id, PydanticObjectId())
    foreign = tree_gid("Frame", other.id, other.script.scenes[0].frames[0].id)
    mine = {"projectId": gid_of(project)}
    images, voices = document("generateImages"), document("generateVoiceovers")
    for doc, given, code in (
        (images, {"count": 5}, ("INVALID", "input.count")),
        (images, {"count": 0}, ("INVALID", "input.count")),
        (images, {"frameIds": []}, ("INVALID", "input.frameIds")),
        (images, {"frameIds": [gone]}, ("INVALID", "input.frameIds")),
        (voices, {"frameIds": [tree_gid("Frame", project.id, silent.id)]}, ("INVALID", "input.frameIds")),
    ):
        assert (await api(owner, doc, input=mine | given)).user_codes == [code]
    assert (await api(owner, images, input=mine | {"frameIds": [foreign]})).codes == ["BAD_USER_INPUT"]
    assert await count_jobs(project) == 0
    answer = await api(owner, voices, input=mine)  # without ids, those that have words
    assert len(answer.payload["jobs"]) == 1


async def test_a_full_frame_takes_no_more_candidates(api: Api, studio: Studio) -> None:
    owner = studio.context()
    frame = with_assets(make_frame())
    frame.images = [frame.images[0].model_copy(update={"id": PydanticObjectId()}) for _ in range(14)]
    project = await make_project(owner, frames=[frame])
    given = {"projectId": gid_of(project), "count": 3}
    answer = await api(owner, document("generateImages"), input=given)
    assert answer.user_codes == [("LIMIT_EXCEEDED", "input.count")]
    assert await count_jobs(project) == 0


async def test_an_estimate_names_what_would_be_made(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, frames=[make_frame(), with_assets(make_frame())])
    given = {"id": gid_of(project), "mode": "MISSING", "stop": "RENDER"}
    foreseen = (await api(owner, ESTIMATE, **given)).payload
    assert [stage["stage"] for stage in foreseen["stages"]] == ["ASSETS", "RENDER"]
    assert foreseen["stages"][0]["pieces"] == [
        {"kind": "IMAGE", "count": 1},
        {"kind": "VOICEOVER", "count": 1},
        {"kind": "MUSIC", "count": 1},
    ]
    assert foreseen["durationS"] == pytest.approx(sum(stage["durationS"] for stage in foreseen["stages"]))
    assert foreseen["videoDurationS"] > 2
    assert foreseen["cost"] == {"minor": 0, "currency": "USD"}
    assert await count_jobs(project) == 0
    assert (await api(studio.context(), ESTIMATE, **given)).codes == ["NOT_FOUND"]


async def test_a_production_keeps_what_it_was_asked_for(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner, topic="Bees")
    given = {"projectId": gid_of(project), "mode": "STALE", "stopAfter": "ASSETS", "profile": "DRAFT"}
    answer = await api(owner, START, input=given)
    job = await Job.get(any_ref(answer.payload["job"]["id"], "id").oid)
    assert job is not None
    assert job.kind is JobKind.PRODUCTION
    assert job.payload == {"mode": "STALE", "stop_after": "ASSETS", "profile": "DRAFT"}


@pytest.mark.parametrize(
    ("brief", "message"),
    [
        ({"text": "Bees dance. " * 6_000}, "brief.text has 71999 characters"),
        ({"topic": "bees " * 100}, "brief.topic has 499 characters"),
    ],
)
async def test_brief_too_long_for_its_writer_is_refused_before_anything_starts(
    api: Api, studio: Studio, brief: dict[str, str], message: str
) -> None:
    owner = studio.context()
    project = await make_project(owner)
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": {f"brief.{name}": value for name, value in brief.items()}}
    )
    for name in ("startProduction", "generateScript"):
        refused = await api(owner, document(name), input={"projectId": gid_of(project)})
        assert refused.user_codes == [("INVALID", "input.projectId")]
        assert message in refused.payload["userErrors"][0]["message"]
    assert await count_jobs(project) == 0
