from datetime import UTC, datetime, timedelta

from beanie import PydanticObjectId

from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.project import Project
from schema.ids import document_gid
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project, make_render, with_assets

RENDER = """mutation($input: RenderProjectInput!) { renderProject(input: $input) {
  job { id kind estimate { durationS } } userErrors { code field message } } }"""
RENDERS = """query($id: ID!, $first: Int, $after: String) {
  renders(projectId: $id, first: $first, after: $after) {
  nodes { id url sizeBytes sha256 width height fps durationS videoFrames loudnessLufs createdAt projectId
    poster { url mimeType sizeBytes } captionsVtt { url } captionsSrt { url } job { id } }
  pageInfo { hasNextPage endCursor } } }"""
NODE = "query($id: ID!) { node(id: $id) { id ... on Render { width } } }"


def job_of(project: Project) -> Job:
    job_id = PydanticObjectId()
    return Job(
        id=job_id,
        kind=JobKind.RENDER,
        queue=QUEUE_OF[JobKind.RENDER],
        project_id=project.id,
        owner_id=project.owner_id,
        root_id=job_id,
        queued_at=datetime.now(UTC),
    )


async def test_renders_are_listed_newest_first_with_signed_addresses(api: Api, studio: Studio) -> None:
    owner = studio.context()
    project = await make_project(owner)
    job = job_of(project)
    await job.insert()
    now = datetime.now(UTC)
    made = [await make_render(project, job, created_at=now - timedelta(minutes=age)) for age in range(3)]
    seen, after = [], None
    for _ in made:
        page = (
            await api(owner, RENDERS, id=document_gid("Project", project.id), first=1, after=after)
        ).payload
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
    assert not page["pageInfo"]["hasNextPage"]
    assert [each["id"] for each in seen] == [document_gid("Render", render.id) for render in made]
    first = seen[0]
    assert first["url"].startswith(f"https://studio.example/media/projects/{project.id}/renders/video?")
    assert (first["width"], first["height"], first["fps"], first["videoFrames"]) == (270, 480, 30, 135)
    assert (first["job"]["id"], first["sha256"]) == (document_gid("Job", job.id), "ab" * 32)
    assert len({first["url"], first["poster"]["url"], first["captionsVtt"]["url"]}) == 3


async def test_anothers_renders_are_not_there(api: Api, studio: Studio) -> None:
    owner, other = studio.context(), studio.context()
    project = await make_project(owner)
    render = await make_render(project, job_of(project))
    gid = document_gid("Render", render.id)
    assert (await api(other, RENDERS, id=document_gid("Project", project.id))).codes == ["NOT_FOUND"]
    assert (await api(other, NODE, id=gid)).payload is None
    assert (await api(owner, NODE, id=gid)).payload == {"id": gid, "width": 270}


async def test_a_render_needs_its_pictures_and_voices(api: Api, studio: Studio) -> None:
    owner = studio.context()
    bare = await make_project(owner, frames=[make_frame()])
    answer = await api(owner, RENDER, input={"projectId": document_gid("Project", bare.id)})
    assert answer.user_codes == [("INVALID", "input.projectId")]
    assert "no picture" in answer.payload["userErrors"][0]["message"]
    assert await Job.find({"project_id": bare.id}).count() == 0
    whole = await make_project(owner, frames=[with_assets(make_frame())])
    answer = await api(
        owner, RENDER, input={"projectId": document_gid("Project", whole.id), "profile": "PREVIEW"}
    )
    assert answer.user_codes == []
    assert (answer.payload["job"]["kind"], answer.payload["job"]["estimate"]["durationS"] > 0) == (
        "RENDER",
        True,
    )
    job = await Job.find_one({"project_id": whole.id})
    assert job is not None
    assert job.payload == {"profile": "PREVIEW"}
