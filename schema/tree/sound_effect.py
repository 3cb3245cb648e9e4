"""Sounds laid under frames: what they are, and what can be done with them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

import documents.jobs.job as stored_job
import documents.tree.look as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import sound_effects
from resolvers.tree.changes import Removed
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import tree_ref
from schema.inputs import given
from schema.jobs.job_orders import KEY
from schema.node import TreeNode, current_field, removed_field, stale_field
from schema.scalars import BigInt
from schema.tree.media import Provenance, StoredFile

if TYPE_CHECKING:
    from schema.jobs.job import Job

Info = strawberry.Info[Context, None]
_EXPECTED = "The sound's revision as the client knows it; null to change it anyhow."


@strawberry.type(
    description="A sound laid under a frame. It is heard to its end, under later frames too if it lasts so "
    "long."
)
class SoundEffect(TreeNode):
    """Read from `documents.tree.look.SoundEffect`."""

    shows = stored.SoundEffect

    name: str = strawberry.field(description="A name for it; may be empty.")
    prompt: str = strawberry.field(description="What is heard, in words; what a provider makes it from.")
    start_s: float = strawberry.field(description="Seconds after the frame begins.")
    volume: float = strawberry.field(description="0 (silent) to 1.")
    wanted_s: float | None = strawberry.field(
        description="Length that is asked for, in seconds; null where the provider decides."
    )
    file: StoredFile | None = strawberry.field(description="The sound; null until it is made.")
    duration_s: float | None = strawberry.field(
        description="Its real length in seconds; null until it is made."
    )
    provenance: Provenance | None = strawberry.field(description="Where it came from; null until it is made.")
    is_stale = stale_field("Whether it was made from other words than would be used now.")


@strawberry.input
class _SoundFields:
    """What is given of a sound. A base for Python alone."""

    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="A name for it; one line of at most 200 characters."
    )
    start_s: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="Seconds after the frame begins, 0 to 3,600; 0 if it is left out of a new one.",
    )
    volume: float | None = strawberry.field(
        default=strawberry.UNSET, description="0 (silent) to 1; 0.5 if it is left out of a new one."
    )
    duration_s: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="Length to ask for, in seconds, 0.5 to 30; null to let the provider decide.",
    )


@strawberry.input(description="A sound to describe.")
class AddSoundEffectInput(_SoundFields):
    """Unpacked by `SoundEffectMutations.add_sound_effect`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    prompt: str = strawberry.field(
        description="What is heard, in 1 to 1,000 characters, such as `a door creaks`."
    )


@strawberry.input(description="A sound to make.")
class GenerateSoundEffectInput(_SoundFields):
    """Unpacked by `SoundEffectMutations.generate_sound_effect`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    prompt: str = strawberry.field(
        description="What is heard, in 1 to 1,000 characters, such as `a door creaks`."
    )
    seed: BigInt | None = strawberry.field(
        default=None,
        description="`provenance.seed` of an earlier sound, 0 to 4,294,967,295: where nothing else has "
        "changed, a provider that takes seeds makes it again. Null for a new one.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What to change of a sound; what is left out stays.")
class UpdateSoundEffectInput(_SoundFields):
    """Unpacked by `SoundEffectMutations.update_sound_effect`."""

    sound_effect_id: strawberry.ID = strawberry.field(description="Id of the sound.")
    prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What is heard, in at most 1,000 characters."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.input(description="The sound to remove.")
class RemoveSoundEffectInput:
    """Unpacked by `SoundEffectMutations.remove_sound_effect`."""

    sound_effect_id: strawberry.ID = strawberry.field(description="Id of the sound.")
    expected_revision: int | None = strawberry.field(default=None, description=_EXPECTED)


@strawberry.type
class _SoundPayload(Payload):
    """What the payloads of changes of a sound share."""

    sound_effect = result_field(
        SoundEffect, "The sound as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type(description="What came of describing a sound.")
class AddSoundEffectPayload(_SoundPayload):
    """Over `Outcome[SoundEffect]`."""


@strawberry.type(description="What came of changing a sound.")
class UpdateSoundEffectPayload(_SoundPayload):
    """Over `Outcome[SoundEffect]`."""


@strawberry.type(description="What came of having a sound made.")
class GenerateSoundEffectPayload(Payload):
    """Over `Outcome[Job]`."""

    job = result_field(
        Annotated["Job", strawberry.lazy("schema.jobs.job")], "The job; null if it was refused."
    )


@strawberry.type(description="What came of removing a sound.")
class RemoveSoundEffectPayload(Payload):
    """Over `Outcome[SoundEffect | Removed]`."""

    removed_sound_effect_id = removed_field("Id of the sound that is gone; null if it was not removed.")
    sound_effect = current_field(SoundEffect, "The sound as it is, where it was not removed.")


@strawberry.type
class SoundEffectMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddSoundEffectPayload,
        description="Describe a sound for a frame. The next production makes it; until then nothing is "
        "heard. `LIMIT_EXCEEDED`: the frame has 10 sounds.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def add_sound_effect(self, info: Info, input: AddSoundEffectInput) -> Outcome[stored.SoundEffect]:
        """Describe."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        return await sound_effects.add(
            info.context, ref.project_id, ref.node_id, given(input, without=("frame_id",))
        )

    @strawberry.mutation(
        graphql_type=GenerateSoundEffectPayload,
        description="Have a sound made; it lies under its frame as soon as it is there. `INVALID`: a value "
        "is out of range, or the provider makes no sound of these words (`local` names those it knows). "
        "`LIMIT_EXCEEDED`: the frame has 10 sounds. `UNSUPPORTED`: the provider of sound effects is not "
        "there.",
        metadata=needs(Permission.PROJECT_PRODUCE),
    )
    async def generate_sound_effect(
        self, info: Info, input: GenerateSoundEffectInput
    ) -> Outcome[stored_job.Job]:
        """Make."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        return await sound_effects.generate(
            info.context,
            ref.project_id,
            ref.node_id,
            given(input, without=("frame_id", "seed", "idempotency_key")),
            seed=input.seed,
            idempotency_key=input.idempotency_key,
        )

    @strawberry.mutation(
        graphql_type=UpdateSoundEffectPayload,
        description="Change where, how loud or what a sound is. New words make it stale: a production in "
        "mode STALE makes it anew.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_sound_effect(
        self, info: Info, input: UpdateSoundEffectInput
    ) -> Outcome[stored.SoundEffect]:
        """Change."""
        ref = tree_ref(input.sound_effect_id, "SoundEffect", "input.soundEffectId")
        return await sound_effects.update(
            info.context,
            ref.project_id,
            ref.node_id,
            given(input, without=("sound_effect_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=RemoveSoundEffectPayload,
        description="Remove a sound.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def remove_sound_effect(
        self, info: Info, input: RemoveSoundEffectInput
    ) -> Outcome[stored.SoundEffect | Removed]:
        """Remove."""
        ref = tree_ref(input.sound_effect_id, "SoundEffect", "input.soundEffectId")
        return await sound_effects.delete(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )
