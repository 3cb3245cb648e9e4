"""Renders: finished videos, as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import relay

import documents.jobs.job as stored_job
import documents.jobs.render as stored
from access.permissions import Permission
from documents.newest_first import Page
from rendering.timeline import Profile
from resolvers.context import Context
from resolvers.jobs import jobs, renders
from resolvers.outcome import Outcome
from schema.connection import connection_of
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.newest_first import After, Before, First, Last, cursor, window
from schema.scalars import BigInt
from schema.tree.media import StoredFile

if TYPE_CHECKING:
    from schema.jobs.job import Job

Info = strawberry.Info[Context, None]

URL_EXPIRES_S = 6 * 3_600
"""How long the address of a finished file opens it."""


@strawberry.type(
    description="One finished set of files: video, poster and captions of the timeline as it was. Never "
    "changes."
)
class Render(relay.Node):
    """Read from `documents.jobs.render.Render`."""

    id: relay.NodeID[str]
    width: int = strawberry.field(description="Of the video, in pixels.")
    height: int = strawberry.field(description="Of the video, in pixels.")
    fps: int = strawberry.field(description="Video frames a second.")
    duration_s: float = strawberry.field(description="Length of the video, in seconds.")
    video_frames: int = strawberry.field(description="How many pictures the video has.")
    loudness_lufs: float | None = strawberry.field(
        description="Integrated loudness (EBU R 128), in LUFS; null for a video without sound."
    )
    true_peak_dbtp: float | None = strawberry.field(
        description="Highest true peak, in dBTP; null for a video without sound."
    )
    project_revision: int = strawberry.field(
        description="The project's revision when the timeline was taken: if it is higher now, the video "
        "may be out "
        "of date."
    )
    timeline_hash: str = strawberry.field(
        description="SHA-256 of the rendered timeline: two renders with the same show the same."
    )
    created_at: datetime = strawberry.field(description="When it was finished.")
    video: StoredFile = strawberry.field(description="The video: MP4 with H.264 and AAC.")
    poster: StoredFile = strawberry.field(description="A still picture for the video: JPEG.")
    captions_vtt: StoredFile = strawberry.field(description="The captions as WebVTT.")
    captions_srt: StoredFile = strawberry.field(description="The captions as SubRip.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored renders are shown as they are."""
        return isinstance(obj, stored.Render)

    @strawberry.field(description="Address of the video: `video.url`.")
    def url(self, root: strawberry.Parent[stored.Render], info: Info) -> str:
        """A signed address."""
        return info.context.services.media.url(root.video.key, URL_EXPIRES_S)

    @strawberry.field(description="Size of the video in bytes: `video.sizeBytes`.")
    def size_bytes(self, root: strawberry.Parent[stored.Render]) -> BigInt:
        """The video's size."""
        return BigInt(root.video.size_bytes)

    @strawberry.field(description="SHA-256 of the video, in hexadecimal: `video.sha256`.")
    def sha256(self, root: strawberry.Parent[stored.Render]) -> str:
        """The video's hash."""
        return root.video.sha256

    @strawberry.field(description="Id of the project that it shows.")
    def project_id(self, root: strawberry.Parent[stored.Render]) -> strawberry.ID:
        """The project's id, without loading it."""
        return strawberry.ID(document_gid("Project", root.project_id))

    @strawberry.field(
        graphql_type=Annotated["Job", strawberry.lazy("schema.jobs.job")] | None,
        description="The job that made it.",
        metadata={"cost": 5},
    )
    async def job(self, root: strawberry.Parent[stored.Render]) -> stored_job.Job | None:
        """Its job."""
        return await jobs.by_id(root.job_id)


RenderConnection = connection_of(
    Render,
    "A page of renders.",
    one="render",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.input(description="A render to start.")
class RenderProjectInput:
    """Unpacked by `RenderMutations.render_project`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    profile: Profile = strawberry.field(default=Profile.STANDARD, description="How the video is encoded.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 200 characters of the client's own, such as a UUID. The same key again starts "
        "nothing: "
        "the payload has the first job.",
    )


@strawberry.type(description="What came of starting a render.")
class RenderProjectPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(
        Annotated["Job", strawberry.lazy("schema.jobs.job")], "The job; null if it was refused."
    )


@strawberry.type
class RenderQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=RenderConnection,
        description="A project's renders, the newest first.",
        metadata={"cost": 5} | needs(Permission.PROJECT_VIEW),
    )
    async def renders(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.Render]:
        """A page of renders."""
        return await renders.of_project(
            info.context,
            document_id(project_id, "Project", "projectId"),
            window(first, after, last, before),
        )


@strawberry.type
class RenderMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=RenderProjectPayload,
        description="Render the timeline as it is, without making anything for it; what did not change "
        "since an "
        "earlier render is not encoded again. `INVALID`: pictures or voices are missing, and the message "
        "says "
        "which.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def render_project(self, info: Info, input: RenderProjectInput) -> Outcome[stored_job.Job]:
        """Render."""
        return await renders.start(
            info.context,
            document_id(input.project_id, "Project", "input.projectId"),
            profile=input.profile,
            idempotency_key=input.idempotency_key,
        )
