"""Starting jobs for what moves and for changed pictures: clips, seed frames, lip-sync, edits."""

import strawberry
from beanie import PydanticObjectId

import documents.jobs.job as stored
from access.permissions import Permission
from documents.tree.script import ClipStart, LipSyncSource
from resolvers.context import Context
from resolvers.jobs import clip_orders, image_edits
from resolvers.outcome import Outcome
from schema.guarding.rules import needs
from schema.ids import document_id, project_id, tree_ref
from schema.jobs.job_orders import KEY, JobPayload, JobsPayload, nodes_in
from schema.scalars import BigInt

Info = strawberry.Info[Context, None]


@strawberry.input(description="Clips to make.")
class GenerateClipsInput:
    """Unpacked by `MediaOrderMutations.generate_clips`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    scene_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of its scenes; null for all that are shown."
    )
    start: ClipStart = strawberry.field(
        name="from", default=ClipStart.PICTURE, description="What the clips begin with."
    )
    duration_s: float | None = strawberry.field(
        default=None,
        description="Length in seconds, 1 to 60; null for as long as the scene's frames last, 3 to 10. A "
        "provider takes the nearest length that it makes.",
    )
    count: int = strawberry.field(default=1, description="New candidates a scene, 1 to 4; no two are alike.")
    choose: bool = strawberry.field(
        default=True,
        description="Whether the first new clip of each scene is its chosen one as soon as it is there.",
    )
    seed: BigInt | None = strawberry.field(
        default=None,
        description="`provenance.seed` of an earlier clip, 0 to 4,294,967,295: where nothing else has "
        "changed, a provider that takes seeds makes it again. With one clip a scene alone. Null for a new "
        "one.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A picture to take out of a clip.")
class ExtractSeedFrameInput:
    """Unpacked by `MediaOrderMutations.extract_seed_frame`."""

    clip_id: strawberry.ID = strawberry.field(description="Id of one of a scene's clips.")
    at_s: float | None = strawberry.field(
        default=None, description="Seconds after the clip begins; null for its last picture."
    )
    choose: bool = strawberry.field(
        default=True, description="Whether the next clip goes on from it as soon as it is there."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Frames whose lips shall follow their voices.")
class ApplyLipSyncInput:
    """Unpacked by `MediaOrderMutations.apply_lip_sync`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    frame_ids: list[strawberry.ID] = strawberry.field(description="Ids of its frames.")
    source: LipSyncSource = strawberry.field(
        name="from", default=LipSyncSource.PICTURE, description="Whose lips move."
    )
    choose: bool = strawberry.field(
        default=True,
        description="Whether each frame shows what moves as soon as it is there: its `mediaKind` becomes "
        "CLIP.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A picture to change.")
class EditImageInput:
    """Unpacked by `MediaOrderMutations.edit_image`."""

    image_id: strawberry.ID = strawberry.field(description="Id of a candidate picture.")
    instruction: str = strawberry.field(
        description="What is to change, 1 to 5,000 characters, such as `make it night`."
    )
    mask_upload_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id of an attached upload for the target `editMask` of this picture: it changes only "
        "where the mask is transparent. Good for a day after it was sent. Null to let all of it change.",
    )
    choose: bool = strawberry.field(
        default=True, description="Whether the frame shows the changed picture as soon as it is there."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type(description="What came of having clips made.")
class GenerateClipsPayload(JobsPayload):
    """Over `Outcome[list[Job]]`."""


@strawberry.type(description="What came of having a picture taken out of a clip.")
class ExtractSeedFramePayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="What came of having lips moved.")
class ApplyLipSyncPayload(JobsPayload):
    """Over `Outcome[list[Job]]`."""


@strawberry.type(description="What came of having a picture changed.")
class EditImagePayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type
class MediaOrderMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=GenerateClipsPayload,
        description="Have new candidate clips of scenes made. Frames show the chosen one whose `mediaKind` "
        "is CLIP. `INVALID`: a scene is not in the project or has no picture to begin with, or a number is "
        "out of range. `LIMIT_EXCEEDED`: a scene would have too many clips, or too many jobs would start. "
        "`UNSUPPORTED`: the clip provider is not there.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_clips(self, info: Info, input: GenerateClipsInput) -> Outcome[list[stored.Job]]:
        """Make."""
        of_project = project_id(input.project_id, "input.projectId")
        return await clip_orders.generate(
            info.context,
            of_project,
            scene_ids=nodes_in(of_project, input.scene_ids, "Scene", "input.sceneIds"),
            start=input.start,
            duration_s=input.duration_s,
            count=input.count,
            choose=input.choose,
            seed=input.seed,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=ExtractSeedFramePayload,
        description="Have a picture taken out of a clip, so that the next clip can go on from it. "
        "`INVALID`: the time lies outside of the clip. `LIMIT_EXCEEDED`: the scene has 16 seed frames.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def extract_seed_frame(self, info: Info, input: ExtractSeedFrameInput) -> Outcome[stored.Job]:
        """Take out."""
        ref = tree_ref(input.clip_id, "Clip", "input.clipId")
        return await clip_orders.extract_seed_frame(
            info.context,
            ref.project_id,
            ref.node_id,
            at_s=input.at_s,
            choose=input.choose,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=ApplyLipSyncPayload,
        description="Have the lips of a picture or clip moved to the voices of frames; each frame gets a "
        "moving picture of its own. `INVALID`: a frame is not in the project, or lacks its voice or its "
        "picture. `UNSUPPORTED`: the lip-sync provider is not there.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def apply_lip_sync(self, info: Info, input: ApplyLipSyncInput) -> Outcome[list[stored.Job]]:
        """Move."""
        of_project = project_id(input.project_id, "input.projectId")
        frame_ids: list[PydanticObjectId] = (
            nodes_in(of_project, input.frame_ids, "Frame", "input.frameIds") or []
        )
        return await clip_orders.apply_lip_sync(
            info.context,
            of_project,
            frame_ids=frame_ids,
            source=input.source,
            choose=input.choose,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=EditImagePayload,
        description="Have a candidate picture changed as you say; the changed one stands beside it. "
        "`LIMIT_EXCEEDED`: the frame has 16 candidates. `INVALID`: the mask is none of this "
        "picture, or is gone. `UNSUPPORTED`: the image provider cannot change pictures, or takes no mask.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def edit_image(self, info: Info, input: EditImageInput) -> Outcome[stored.Job]:
        """Change."""
        ref = tree_ref(input.image_id, "Image", "input.imageId")
        return await image_edits.edit(
            info.context,
            ref.project_id,
            ref.node_id,
            instruction=input.instruction,
            mask_upload_id=None
            if input.mask_upload_id is None
            else document_id(input.mask_upload_id, "Upload", "input.maskUploadId"),
            choose=input.choose,
            idempotency_key=input.idempotency_key,
        )
