"""Work on words: scripts read closely and told differently, better prompts, words for the platforms."""

import strawberry

import documents.jobs.job as stored
from access.permissions import Permission
from documents.projects.project import Project as StoredProject
from resolvers.context import Context
from resolvers.jobs import translations, writing
from resolvers.outcome import Outcome
from resolvers.writers_room import character_writing
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id, project_id, tree_ref
from schema.jobs.job_orders import KEY, JobPayload, JobsPayload, nodes_in
from schema.projects.project import Project

Info = strawberry.Info[Context, None]

_INSTRUCTION = "What to do differently, such as `funnier, and half as long`: 1 to 5,000 characters."
_CONFLICT = (
    "Fails with `REVISION_CONFLICT` where somebody changes the words meanwhile; the job's `writtenFrames` "
    "then have what was written. `UNSUPPORTED`: nobody does this here; the message says who could."
)
_UNSUPPORTED = "`UNSUPPORTED`: nobody does this here; the message names what would provide it."


@strawberry.input(description="A script to read closely.")
class AnalyseScriptInput:
    """Unpacked by `WritingMutations.analyse_script`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    apply: bool = strawberry.field(
        default=False,
        description="Whether what scenes lack is filled in: visual description, location, time of day, "
        "heading, action, dialogue, hook text, props and known characters. What is there stays.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Characters to make of those whom the last reading found.")
class CreateCharactersFromAnalysisInput:
    """Unpacked by `WritingMutations.create_characters_from_analysis`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    names: list[str] | None = strawberry.field(
        default=None, description="Of those who are wanted, as the reading has them; null for all."
    )


@strawberry.input(description="A character to describe.")
class AnalyseCharacterInput:
    """Unpacked by `WritingMutations.analyse_character`."""

    character_id: strawberry.ID = strawberry.field(description="Id of the character.")
    language: str | None = strawberry.field(
        default=None, description="Language of the description, as a BCP 47 tag; null for `en`."
    )
    provider: str | None = strawberry.field(
        default=None, description="Who describes, as `providers` names it; null for the default one."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Picture prompts to say better.")
class OptimisePromptsInput:
    """Unpacked by `WritingMutations.optimise_prompts`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    frame_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of its frames; null for all that are shown."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A scene to tell differently.")
class RewriteSceneInput:
    """Unpacked by `WritingMutations.rewrite_scene`."""

    scene_id: strawberry.ID = strawberry.field(description="Id of the scene.")
    instruction: str = strawberry.field(description=_INSTRUCTION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A frame to tell differently.")
class RewriteFrameInput:
    """Unpacked by `WritingMutations.rewrite_frame`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    instruction: str = strawberry.field(description=_INSTRUCTION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A video to find words for.")
class GenerateMetadataInput:
    """Unpacked by `WritingMutations.generate_metadata`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A project whose music is to be described.")
class SuggestMusicInput:
    """Unpacked by `WritingMutations.suggest_music`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A project to say in another language.")
class TranslateProjectInput:
    """Unpacked by `WritingMutations.translate_project`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    language: str = strawberry.field(description="BCP 47 tag, such as `pt-BR`; another one than its own.")
    title: str | None = strawberry.field(
        default=None, description="Title of the new project; null to translate the old one's."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type(description="What came of having a script read.")
class AnalyseScriptPayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="What came of making characters of those whom a reading found.")
class CreateCharactersFromAnalysisPayload(Payload):
    """Over `Outcome[Project]`."""

    project = result_field(Project, "The project as it is now; null if it was refused.")


@strawberry.type(description="What came of having a character described.")
class AnalyseCharacterPayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="What came of having prompts said better.")
class OptimisePromptsPayload(JobsPayload):
    """Over `Outcome[list[Job]]`."""


@strawberry.type(description="What came of having a scene told differently.")
class RewriteScenePayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="What came of having a frame told differently.")
class RewriteFramePayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="What came of having words found for a video.")
class GenerateMetadataPayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="The job that finds words for the music.")
class SuggestMusicPayload(JobPayload):
    """Over `Outcome[Job]`."""


@strawberry.type(description="What came of having a project translated.")
class TranslateProjectPayload(JobPayload):
    """Over `Outcome[Job]`; at the end the job's `createdProject` is the new project."""


@strawberry.type
class WritingMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AnalyseScriptPayload,
        description="Have the script read closely: what it is about, who appears where, how it could be "
        f"better. `script.analysis` has what was found. {_UNSUPPORTED}",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def analyse_script(self, info: Info, input: AnalyseScriptInput) -> Outcome[stored.Job]:
        """Start a reading."""
        return await writing.analyse_script(
            info.context,
            project_id(input.project_id, "input.projectId"),
            apply=input.apply,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=CreateCharactersFromAnalysisPayload,
        description="Make characters of those whom the last reading found, and put them into their scenes. "
        "Where there is one of that name already (the viewer's own, the company's, the project's), it is "
        "that one. Costs nothing.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def create_characters_from_analysis(
        self, info: Info, input: CreateCharactersFromAnalysisInput
    ) -> Outcome[StoredProject]:
        """Make them."""
        return await character_writing.from_analysis(
            info.context, project_id(input.project_id, "input.projectId"), input.names
        )

    @strawberry.mutation(
        graphql_type=AnalyseCharacterPayload,
        description="Have a character described, out of its pictures and of what is said about it. The "
        "description takes the old one's place, unless that is changed meanwhile; age, gender, role and "
        "cultural context are filled in where they are empty. A company's character takes `ASSETS_MANAGE` "
        f"besides. {_UNSUPPORTED}",
        metadata=needs(Permission.PROJECT_CREATE),
    )
    async def analyse_character(self, info: Info, input: AnalyseCharacterInput) -> Outcome[stored.Job]:
        """Start a description."""
        return await character_writing.analyse(
            info.context,
            document_id(input.character_id, "Character", "input.characterId"),
            language=input.language,
            provider=input.provider,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=OptimisePromptsPayload,
        description="Have picture prompts said better for models of pictures. What comes out is the frame's "
        f"`optimisedPrompt`, which is sent as it stands. {_CONFLICT}",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def optimise_prompts(self, info: Info, input: OptimisePromptsInput) -> Outcome[list[stored.Job]]:
        """Start a job for each frame."""
        project = project_id(input.project_id, "input.projectId")
        return await writing.optimise_prompts(
            info.context,
            project,
            frame_ids=nodes_in(project, input.frame_ids, "Frame", "input.frameIds"),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=RewriteScenePayload,
        description="Have a whole scene told differently, as one asks, so that it still joins what is told "
        f"before and after. Narration and picture prompts of its frames are replaced. {_CONFLICT}",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def rewrite_scene(self, info: Info, input: RewriteSceneInput) -> Outcome[stored.Job]:
        """Start a rewriting."""
        ref = tree_ref(input.scene_id, "Scene", "input.sceneId")
        return await writing.rewrite_scene(
            info.context,
            ref.project_id,
            ref.node_id,
            input.instruction,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=RewriteFramePayload,
        description="Have one frame told differently, as one asks, so that it still joins what is told "
        f"before and after. Its narration and picture prompt are replaced. {_CONFLICT}",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def rewrite_frame(self, info: Info, input: RewriteFrameInput) -> Outcome[stored.Job]:
        """Start a rewriting."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        return await writing.rewrite_frame(
            info.context,
            ref.project_id,
            ref.node_id,
            input.instruction,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=GenerateMetadataPayload,
        description="Have title, description and hashtags found for the platforms; `publishing` has them at "
        "the end. Those that somebody changes meanwhile stay as they are. " + _UNSUPPORTED,
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_metadata(self, info: Info, input: GenerateMetadataInput) -> Outcome[stored.Job]:
        """Start the search."""
        return await writing.describe_video(
            info.context,
            project_id(input.project_id, "input.projectId"),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=SuggestMusicPayload,
        description="Have words for the music found out of the script: `project.music` has mood, prompt and "
        "tempo at the end, and `generateMusic` composes by them. The mood is one that the project's composer "
        "knows, where it lists them. What somebody changes of them meanwhile stays as it is. " + _UNSUPPORTED,
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def suggest_music(self, info: Info, input: SuggestMusicInput) -> Outcome[stored.Job]:
        """Start the search."""
        return await writing.suggest_music(
            info.context,
            project_id(input.project_id, "input.projectId"),
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=TranslateProjectPayload,
        description="Have a project said in another language, as a new project of the viewer's: in the same "
        "company where the viewer belongs to it, shared with nobody. Titles, narration, words on the screen "
        "and publishing texts are translated; pictures, clips and music come along as copies; voices are "
        "spoken anew, and a timeline of one's own is not taken over. It appears whole, at the end: the job's "
        "`createdProject`. Takes "
        f"`PROJECT_CREATE` besides, and the old project pays. {_UNSUPPORTED}",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def translate_project(self, info: Info, input: TranslateProjectInput) -> Outcome[stored.Job]:
        """Start a translation."""
        return await translations.start(
            info.context,
            project_id(input.project_id, "input.projectId"),
            input.language,
            input.title,
            idempotency_key=input.idempotency_key,
        )
