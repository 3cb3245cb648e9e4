"""A frame's voice."""

import strawberry

import documents.tree.script as stored
from access.permissions import Permission
from documents.tree.script import WordTimes
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import frames
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import tree_ref
from schema.inputs import given
from schema.node import TreeNode, stale_field
from schema.tree.media import Provenance, StoredFile

Info = strawberry.Info[Context, None]


describe(
    WordTimes,
    "How it is known when each word of a recording is heard.",
    {
        WordTimes.PROVIDER: "Whoever spoke it says so.",
        WordTimes.TRANSCRIPT: "A transcriber heard them.",
        WordTimes.ALIGNED: "The sound was compared with a reading by the studio's own voice.",
        WordTimes.ESTIMATED: "The words share the sound's length in proportion to their letters.",
    },
)


@strawberry.type(description="A written word and when it is spoken.")
class WordTiming:
    """Read from `documents.tree.script.WordTiming`."""

    text: str = strawberry.field(description="The word as it is written.")
    start_s: float = strawberry.field(description="In seconds from the start of the recording.")
    end_s: float = strawberry.field(description="In seconds from the start of the recording.")


@strawberry.type(description="The sound of a voiceover.")
class VoiceRecording:
    """Read from `documents.tree.script.VoiceRecording`."""

    file: StoredFile = strawberry.field(description="The sound.")
    duration_s: float = strawberry.field(description="Length in seconds.")
    words: list[WordTiming] = strawberry.field(description="The words in the order in which they are spoken.")
    word_times: WordTimes = strawberry.field(description="How the words' times are known.")
    is_spoken: bool = strawberry.field(
        description="False where no voice speaks the language: it is silent for the time that reading takes."
    )
    provenance: Provenance = strawberry.field(description="Where it came from.")


@strawberry.type(description="A frame's voice: what is spoken, by whom, and the recording of it.")
class Voiceover(TreeNode):
    """Read from `documents.tree.script.Voiceover`."""

    shows = stored.Voiceover

    text: str | None = strawberry.field(
        description="What is spoken where it differs from the frame's narration, which captions show; null "
        "where it does not."
    )
    voice: str | None = strawberry.field(description="Id of the voice; null for the project's.")
    provider: str | None = strawberry.field(description="Who speaks; null for the project's provider.")
    speed: float | None = strawberry.field(
        description="1 is the voice's own pace; 0.5 to 2; null for the project's."
    )
    recording: VoiceRecording | None = strawberry.field(description="The sound; null until it is made.")
    is_stale = stale_field(
        "Whether the recording speaks something else, or in another way, than it would now."
    )


@strawberry.input(description="What to change of a voiceover; what is left out stays.")
class UpdateVoiceoverInput:
    """Unpacked by `VoiceoverMutations.update_voiceover`."""

    voiceover_id: strawberry.ID = strawberry.field(description="Id of the voiceover.")
    text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What is spoken, at most 5,000 characters; null to speak the narration.",
    )
    voice: str | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the voice; null for the project's."
    )
    provider: str | None = strawberry.field(
        default=strawberry.UNSET, description="Who speaks; null for the project's provider."
    )
    speed: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 is the voice's own pace; 0.5 to 2; null for the project's.",
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The voiceover's revision as the client knows it; null to change it anyhow."
    )


@strawberry.type(description="What came of changing a voiceover.")
class UpdateVoiceoverPayload(Payload):
    """Over `Outcome[Voiceover]`."""

    voiceover = result_field(Voiceover, "The voiceover as it is now; null if the change was refused.")


@strawberry.type
class VoiceoverMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateVoiceoverPayload,
        description="Say what is spoken and by whom. The recording stays, stale, until a new one is made.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_voiceover(self, info: Info, input: UpdateVoiceoverInput) -> Outcome[stored.Voiceover]:
        """Change a voiceover."""
        ref = tree_ref(input.voiceover_id, "Voiceover", "input.voiceoverId")
        return await frames.update_voiceover(
            info.context,
            ref.project_id,
            ref.node_id,
            given(input, without=("voiceover_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )
