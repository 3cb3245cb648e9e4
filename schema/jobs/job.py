"""Jobs, as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from beanie import PydanticObjectId
from strawberry import relay

import documents.jobs.job as stored
from documents.jobs.job import JobKind, JobState
from documents.jobs.render import Render as StoredRender
from documents.newest_first import Page
from documents.projects.project import Project as StoredProject
from resolvers.context import Context
from resolvers.jobs import jobs
from schema.connection import connection_of
from schema.enums import describe
from schema.ids import document_gid, tree_gid
from schema.money import Money, money
from schema.newest_first import After, Before, First, Last, cursor, window

if TYPE_CHECKING:
    from schema.jobs.render import Render
    from schema.projects.project import Project

Info = strawberry.Info[Context, None]

describe(
    JobKind,
    "What a job makes.",
    {
        JobKind.PRODUCTION: "A whole video: starts the jobs that it needs, one stage after another.",
        JobKind.SCRIPT: "A script out of the brief.",
        JobKind.IMAGE: "One candidate picture of a frame.",
        JobKind.VOICEOVER: "One frame's voice, with the time of each word.",
        JobKind.MUSIC: "The project's music.",
        JobKind.SCRIPT_ANALYSIS: "A close reading of the script: places, people, things, suggestions.",
        JobKind.CHARACTER_ANALYSIS: "A character's description, out of words and pictures.",
        JobKind.CHARACTER_IMAGE: "One reference picture of a character.",
        JobKind.REWRITE: "A scene or frame told differently.",
        JobKind.PROMPT: "A picture prompt said better.",
        JobKind.METADATA: "Title, description and hashtags for the platforms.",
        JobKind.MUSIC_WORDS: "Words for the music: mood, wishes, tempo.",
        JobKind.TRANSLATION: "The project in another language, as a new project.",
        JobKind.CHAT_REPLY: "A persona's answer in a chat.",
        JobKind.WEEKLY_PLAN: "A plan of what to make on which day.",
        JobKind.IMAGE_EDIT: "A candidate picture that another one was changed into.",
        JobKind.CLIP: "One candidate moving picture of a scene.",
        JobKind.SEED_FRAME: "A picture taken out of a clip.",
        JobKind.SOUND_EFFECT: "A sound under a frame.",
        JobKind.VOICE_PREVIEW: "A few words of a voice, to be heard before it is chosen.",
        JobKind.LIP_SYNC: "A moving picture whose lips follow the voice.",
        JobKind.CALL_OFF: "Stops work at a provider that nobody waits for any more.",
        JobKind.RENDER: "Video, poster and captions out of the timeline.",
        JobKind.SEGMENT: "A stretch of a render; kept, and encoded anew only when it changes.",
        JobKind.UPLOAD_CHECK: "A look into an uploaded file, before it counts.",
        JobKind.MAIL: "A mail to somebody.",
        JobKind.DATA_EXPORT: "An archive of all that is a person's.",
        JobKind.ACCOUNT_MAIL: "A mail to whoever has an account under an address, if anybody has.",
    },
)
describe(
    JobState,
    "How far a job has come.",
    {
        JobState.QUEUED: "Waits for its turn, or for another try.",
        JobState.RUNNING: "A worker has it, or its children go on with it.",
        JobState.PAUSED: "Starts no more steps until it is resumed; productions alone.",
        JobState.SUCCEEDED: "Done; what came out is attached.",
        JobState.FAILED: "Ended without a result; `error` says why. It can be retried.",
        JobState.CANCELED: "Ended on request. It can be retried.",
    },
)

_NODE_KINDS = {JobKind.CLIP: "Scene", JobKind.SEED_FRAME: "Scene"}
"""What a job is for, where that is no frame."""

_DOCUMENTS = {
    JobKind.UPLOAD_CHECK: "Upload",
    JobKind.CHAT_REPLY: "Chat",
    JobKind.VOICE_PREVIEW: "VoicePreview",
    JobKind.CHARACTER_ANALYSIS: "Character",
    JobKind.CHARACTER_IMAGE: "Character",
}
"""What a job is for, where that is no node of a project."""


def job_node_id(
    kind: JobKind,
    project_id: PydanticObjectId | None,
    node_id: PydanticObjectId | None,
    node_kind: str | None = None,
) -> strawberry.ID | None:
    """The global id of the node that a job is for; None for one that is for the whole project."""
    if node_id is None:
        return None
    if (document := _DOCUMENTS.get(kind)) is not None:
        return strawberry.ID(document_gid(document, node_id))
    if project_id is None:
        return None
    return strawberry.ID(tree_gid(node_kind or _NODE_KINDS.get(kind, "Frame"), project_id, node_id))


@strawberry.type(description="Why a job did not succeed, or why it is tried again.")
class JobError:
    """Read from `documents.jobs.job.JobError`."""

    code: str = strawberry.field(
        description="For programs, such as `PROVIDER_UNAVAILABLE`, `ASSETS_MISSING`, `WORKER_LOST` or "
        "`CANCELED`."
    )
    message: str = strawberry.field(
        description="What happened and what to do, in English, for people. May change."
    )
    is_retryable: bool = strawberry.field(description="Whether trying again, unchanged, may help.")


@strawberry.type(description="What a job was expected to take and to cost when it was started.")
class JobEstimate:
    """Read from `documents.jobs.job.Estimate`."""

    duration_s: float = strawberry.field(
        description="Seconds, with the workers that there were then and nothing else to do."
    )
    is_priced: bool = strawberry.field(
        description="False where something costs money and the operator has set no price for it."
    )

    @strawberry.field(graphql_type=Money, description="What providers will charge.")
    def cost(self, root: strawberry.Parent[stored.Estimate]) -> Money:
        """The expected price."""
        return money(root.cost_micros, root.currency)


@strawberry.type(description="What a writer wrote for a frame.")
class WrittenFrame:
    """Read from what `tasks.writing.rewrite` and `tasks.writing.prompt` leave in a job's result."""

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the frame.")
    def frame_id(self, root: strawberry.Parent[dict[str, str]]) -> str:
        """Global id of the frame."""
        return root["gid"]

    @strawberry.field(description="What is said; null for a prompt that was said better.")
    def narration(self, root: strawberry.Parent[dict[str, str]]) -> str | None:
        """The narration."""
        return root.get("narration")

    @strawberry.field(description="What the picture shows.")
    def picture_prompt(self, root: strawberry.Parent[dict[str, str]]) -> str:
        """The prompt."""
        return root["picture_prompt"]

    @strawberry.field(description="What must not appear; null for words that were told differently.")
    def negative_prompt(self, root: strawberry.Parent[dict[str, str]]) -> str | None:
        """The negative prompt."""
        return root.get("negative_prompt")


@strawberry.type(
    description="A unit of work: survives restarts, is done once however often workers die, and tells "
    "how far it is."
)
class Job(relay.Node):
    """Read from `documents.jobs.job.Job`."""

    id: relay.NodeID[str]
    kind: JobKind = strawberry.field(description="What it makes.")
    state: JobState = strawberry.field(description="How far it has come.")
    progress: float = strawberry.field(description="Part that is done, 0 to 1. Never falls while it runs.")
    stage: str | None = strawberry.field(
        description="What is being done, in a word, such as `ASSETS` or `encoding`; null before the start."
    )
    units_done: int = strawberry.field(
        description="Units that are done, of `unitsTotal`. A render counts each video frame twice: encoded, "
        "then joined."
    )
    units_total: int = strawberry.field(description="Units that there are to do; 0 while that is not known.")
    attempt: int = strawberry.field(
        description="Number of the current or last try, from 1; 0 before the first."
    )
    max_attempts: int = strawberry.field(
        description="How many tries it gets before a passing error counts as lasting."
    )
    priority: int = strawberry.field(
        description="The higher goes first among the jobs of one user: 10 for what a person asked for "
        "directly, "
        "0 for productions."
    )
    error: JobError | None = strawberry.field(
        description="Why it failed, was canceled, or is tried again; null otherwise."
    )
    estimate: JobEstimate = strawberry.field(description="What it was expected to take.")
    queued_at: datetime = strawberry.field(description="When it was started, or retried last.")
    started_at: datetime | None = strawberry.field(description="When a worker first took it up.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null until then.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored jobs are shown as they are."""
        return isinstance(obj, stored.Job)

    @strawberry.field(graphql_type=Money, description="What it has cost so far.")
    def cost(self, root: strawberry.Parent[stored.Job]) -> Money:
        """The price so far."""
        return money(root.cost_micros, root.currency)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the node that it is for, such as a frame; null when it is for the whole project.",
    )
    def node_id(self, root: strawberry.Parent[stored.Job]) -> strawberry.ID | None:
        """The node."""
        return job_node_id(root.kind, root.project_id, root.node_id, root.node_kind)

    @strawberry.field(
        graphql_type=strawberry.ID, description="Id of the job that a person started; its own for that one."
    )
    def root_id(self, root: strawberry.Parent[stored.Job]) -> strawberry.ID:
        """The job above all."""
        return strawberry.ID(document_gid("Job", root.root_id))

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the project that it belongs to; null for one outside of projects.",
    )
    def project_id(self, root: strawberry.Parent[stored.Job]) -> strawberry.ID | None:
        """The project's id, without loading it."""
        if root.project_id is None:
            return None
        return strawberry.ID(document_gid("Project", root.project_id))

    @strawberry.field(
        description="Seconds that it should still take, guessed from its pace so far; null unless it "
        "runs and has "
        "done some of its work."
    )
    def remaining_s(self, root: strawberry.Parent[stored.Job], info: Info) -> float | None:
        """A guess."""
        return root.remaining_s(info.context.services.now())

    @strawberry.field(
        description="Whether its cancellation was asked for; a worker that has it stops within a second."
    )
    def is_cancel_requested(self, root: strawberry.Parent[stored.Job]) -> bool:
        """Whether it is about to end."""
        return root.cancel_requested_at is not None

    @strawberry.field(
        graphql_type=Annotated["Job", strawberry.lazy("schema.jobs.job")] | None,
        description="The job that started this one; null for one that a person started.",
        metadata={"cost": 5},
    )
    async def parent(self, root: strawberry.Parent[stored.Job]) -> stored.Job | None:
        """The parent."""
        return await jobs.by_id(root.parent_id)

    @strawberry.field(
        graphql_type=Annotated["JobConnection", strawberry.lazy("schema.jobs.job")],
        description="The jobs that it started, those that were queued last first.",
        metadata={"cost": 5},
    )
    async def children(
        self,
        root: strawberry.Parent[stored.Job],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.Job]:
        """Its steps."""
        return await jobs.children(root, window(first, after, last, before))

    @strawberry.field(
        graphql_type=Annotated["Project", strawberry.lazy("schema.projects.project")] | None,
        description="The project that it belongs to; null for one outside of projects.",
        metadata={"cost": 5},
    )
    async def project(self, root: strawberry.Parent[stored.Job], info: Info) -> StoredProject | None:
        """The project."""
        return await jobs.project(info.context, root)

    @strawberry.field(
        graphql_type=list[WrittenFrame],
        description="What a `REWRITE` or a `PROMPT` wrote, also where the old words stayed; empty for all "
        "others.",
    )
    def written_frames(self, root: strawberry.Parent[stored.Job]) -> list[dict[str, str]]:
        """The words."""
        if root.project_id is None or root.kind not in {JobKind.REWRITE, JobKind.PROMPT}:
            return []
        return [
            {**each, "gid": tree_gid("Frame", root.project_id, PydanticObjectId(each["frame_id"]))}
            for each in root.result.get("frames", ())
        ]

    @strawberry.field(
        graphql_type=Annotated["Project", strawberry.lazy("schema.projects.project")] | None,
        description="The project that a `TRANSLATION` made; null for all others, and where the viewer does "
        "not see it.",
        metadata={"cost": 5},
    )
    async def created_project(self, root: strawberry.Parent[stored.Job], info: Info) -> StoredProject | None:
        """The new project."""
        return await jobs.created_project(info.context, root)

    @strawberry.field(
        graphql_type=Annotated["Render", strawberry.lazy("schema.jobs.render")] | None,
        description="What came out: of a render, or of a production that went to its end; null for all "
        "others.",
        metadata={"cost": 5},
    )
    async def render(self, root: strawberry.Parent[stored.Job]) -> StoredRender | None:
        """The finished files."""
        return await jobs.render(root)


JobConnection = connection_of(
    Job, "A page of jobs.", one="job", place=lambda each: cursor(each.queued_at, each.id)
)
