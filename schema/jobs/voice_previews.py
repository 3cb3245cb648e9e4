"""Hearing a voice before it is chosen, as clients ask for it."""

from datetime import datetime
from typing import Annotated

import strawberry

import documents.media.voice_preview as stored
from access.permissions import Permission
from documents.jobs.job import Job as StoredJob
from resolvers.context import Context
from resolvers.jobs import jobs, voice_previews
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.inputs import given
from schema.jobs.job import Job
from schema.jobs.job_orders import KEY
from schema.tree.media import StoredFile

Info = strawberry.Info[Context, None]


@strawberry.type(description="A few words by one voice, for whoever ordered them alone. They go after a day.")
class VoicePreview:
    """Read from `documents.media.voice_preview.VoicePreview`."""

    text: str = strawberry.field(description="The words as they were given.")
    language: str = strawberry.field(description="BCP 47 tag of the language that they are read in.")
    provider: str | None = strawberry.field(description="Who speaks; null for who does by default.")
    model: str | None = strawberry.field(description="With which model; null for the provider's.")
    voice: str | None = strawberry.field(description="Id of the voice; null for the language's first.")
    speed: float = strawberry.field(description="0.5 to 2; 1 is the voice's own pace.")
    file: StoredFile | None = strawberry.field(
        description="The sound; null until it is there: follow the job, or ask again."
    )
    duration_s: float | None = strawberry.field(
        description="Its length in seconds; null until it is there, and where the speaker does not tell it."
    )
    is_spoken: bool = strawberry.field(
        description="False for silence: the language has no voice at that provider."
    )
    created_at: datetime = strawberry.field(description="When it was ordered.")
    expires_at: datetime = strawberry.field(
        description="When it is removed, whether it came about or not; its addresses end then, too."
    )

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the preview.")
    def id(self, root: strawberry.Parent[stored.VoicePreview]) -> str:
        """Its id."""
        return document_gid("VoicePreview", root.id)

    @strawberry.field(
        graphql_type=Job | None,
        description="The job that speaks it, with its state, its cost, and the error where it failed.",
        metadata={"cost": 5},
    )
    async def job(self, root: strawberry.Parent[stored.VoicePreview]) -> StoredJob | None:
        """The job."""
        return await jobs.by_id(root.job_id)


@strawberry.input(description="A voice to be heard. What is left out is the project's, where one is named.")
class PreviewVoiceInput:
    """Unpacked by `VoicePreviewMutations.preview_voice`."""

    text: str = strawberry.field(
        description="What it says: 1 to 200 characters. Figures and short forms are read as in a video; the "
        "lexicon plays no part."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The project that pays, under its ceiling and with its company's keys. Null: it is paid "
        "with the viewer's own key, or the installation's.",
    )
    provider: str | None = strawberry.field(
        default=None, description="Who speaks, as `providers` names it; null for the default."
    )
    voice: str | None = strawberry.field(
        default=None, description="Id of the voice, as `voices` lists them; null for the language's first."
    )
    model: str | None = strawberry.field(default=None, description="With which model; null for the default.")
    language: str | None = strawberry.field(
        default=None, description="BCP 47 tag, such as `pt-BR`; null for the project's, or for `en`."
    )
    speed: float = strawberry.field(default=1.0, description="0.5 to 2; 1 is the voice's own pace.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type(description="What came of ordering a preview.")
class PreviewVoicePayload(Payload):
    """Over `Outcome[VoicePreview]`."""

    preview = result_field(VoicePreview, "The preview, whose sound may not be there yet; null if refused.")


@strawberry.type
class VoicePreviewQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=VoicePreview,
        description="A preview of a voice that the viewer has ordered. `NOT_FOUND` once its day is over.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def voice_preview(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Id of the preview.")]
    ) -> stored.VoicePreview:
        """The preview."""
        return await voice_previews.load(info.context, document_id(id, "VoicePreview", "id"))


@strawberry.type
class VoicePreviewMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=PreviewVoicePayload,
        description="Have a voice say a few words, to hear it before it is chosen. It costs what so many "
        "characters cost with the provider; `local` is free. Within a day, the same words of the same voice "
        "are bought once: the answer then is the preview that is there. Takes `PROJECT_PRODUCE` in the "
        "project that is to pay, and else `PROJECT_CREATE`.",
        metadata={"cost": 20} | needs(Permission.ACCOUNT_VIEW),
    )
    async def preview_voice(self, info: Info, input: PreviewVoiceInput) -> Outcome[stored.VoicePreview]:
        """Order it."""
        project_id = input.project_id
        return await voice_previews.order(
            info.context,
            None if project_id is None else document_id(project_id, "Project", "input.projectId"),
            given(input, without=("project_id", "idempotency_key")),
            idempotency_key=input.idempotency_key,
        )
