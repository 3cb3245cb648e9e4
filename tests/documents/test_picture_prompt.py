from datetime import UTC, datetime
from typing import Any

import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.brief import Brief, Style
from documents.tree.inputs import image_inputs, voice_inputs
from documents.tree.picture_prompt import LONGEST, AssembledPrompt, assembled_prompt
from documents.tree.script import Frame, Scene, Script
from documents.writers_room.character import Character, CharacterImage, CharacterVoice

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


def ada(**values: Any) -> Character:
    given: dict[str, Any] = {"name": "Ada", "description": "red scarf, grey coat.", "age": "about 70"}
    return Character(created_by=PydanticObjectId(), created_at=NOW, updated_at=NOW, **(given | values))


def told(*people: Character, **frame: Any) -> tuple[Project, Scene, Frame, Cast]:
    """A frame of a scene in which these appear."""
    shown = Frame(narration="She stirs.", picture_prompt="A pot on the fire", **frame)
    scene = Scene(
        title="Kitchen",
        visual_description="a low room,\nsmoke",
        location="a farmhouse",
        time_of_day="dusk",
        negative_prompt="cars",
        character_ids=[each.id for each in people],
        frames=[shown],
    )
    project = Project(
        title="Soup",
        owner_id=PydanticObjectId(),
        brief=Brief(topic="Soup", culture="Breton"),
        style=Style(look="oil painting", palette=["#AA5500"], negative_prompt="text"),
        script=Script(scenes=[scene]),
        created_at=NOW,
        updated_at=NOW,
    )
    return project, scene, shown, Cast({each.id: each for each in people})


def test_all_that_belongs_to_a_picture_is_in_its_prompt_in_order() -> None:
    bo = ada(name="Bo", description="", age=None)
    assert assembled_prompt(*told(ada(), bo, negative_prompt="hands")) == AssembledPrompt(
        "A pot on the fire. Characters: Ada: about 70, red scarf, grey coat; Bo. "
        "Setting: a farmhouse, dusk. Scene: a low room, smoke Kitchen. Style: oil painting. "
        "Colours: #AA5500. Cultural setting: Breton.",
        "text, cars, hands",
        is_edited=False,
    )


def test_who_appears_throughout_is_in_every_prompt_and_makes_pictures_stale() -> None:
    project, scene, frame, cast = told(ada(age=None))
    before = image_inputs(project, scene, frame, cast).hash
    project.brief.character_description = "a fox in a\nyellow raincoat"
    assert image_inputs(project, scene, frame, cast).hash != before
    prompt = assembled_prompt(project, scene, frame, cast).prompt
    assert prompt.startswith(
        "A pot on the fire. Characters: Ada: red scarf, grey coat. "
        "Appearing throughout: a fox in a yellow raincoat. Setting: a farmhouse, dusk."
    )
    project.brief.character_description = ""
    assert image_inputs(project, scene, frame, cast).hash == before


def test_who_appears_throughout_is_no_part_of_an_edited_prompt() -> None:
    project, scene, frame, cast = told(optimised_prompt="Just a pot")
    before = image_inputs(project, scene, frame, cast).hash
    project.brief.character_description = "a fox"
    assert image_inputs(project, scene, frame, cast).hash == before
    assert assembled_prompt(project, scene, frame, cast).prompt == "Just a pot"


def test_an_edited_prompt_is_sent_as_it_stands() -> None:
    place = told(ada(), optimised_prompt="Just a pot")
    assert assembled_prompt(*place) == AssembledPrompt("Just a pot", "text, cars", is_edited=True)


def test_a_changed_character_makes_pictures_stale_unless_the_prompt_is_edited() -> None:
    before = ada()
    project, scene, frame, cast = told(before)
    after = Cast({before.id: before.model_copy(update={"description": "blue scarf"})})
    assert image_inputs(project, scene, frame, cast).hash != image_inputs(project, scene, frame, after).hash
    frame.optimised_prompt = "Just a pot"
    assert image_inputs(project, scene, frame, cast).hash == image_inputs(project, scene, frame, after).hash


def test_a_reference_picture_makes_pictures_stale() -> None:
    before = ada()
    project, scene, frame, cast = told(before)
    file = StoredFile(key="users/u/characters/c/a.png", sha256="ab" * 32, size_bytes=1, mime_type="image/png")
    provenance = Provenance(origin=Origin.UPLOADED, created_at=NOW)
    pictured = before.model_copy(
        update={"images": [CharacterImage(file=file, width=1, height=1, provenance=provenance)]}
    )
    after = Cast({before.id: pictured})
    assert image_inputs(project, scene, frame, cast).hash != image_inputs(project, scene, frame, after).hash


def test_a_prompt_has_an_end() -> None:
    project, scene, frame, cast = told(ada(description="x" * 5_000))
    scene.summary = "y" * 5_000
    prompt = assembled_prompt(project, scene, frame, cast).prompt
    assert len(prompt) == LONGEST
    assert prompt.startswith("A pot on the fire. Characters: Ada: about 70, xxx")


def test_a_speaker_brings_voice_and_provider_and_the_frames_own_go_before() -> None:
    speaker = ada(voice=CharacterVoice(provider="elevenlabs", voice="Rachel", speed=1.2))
    project, _, frame, cast = told(speaker, speaker_id=speaker.id)
    spoken = voice_inputs(project, frame, cast)
    assert (spoken.provider, spoken.voice, spoken.speed) == ("elevenlabs", "Rachel", 1.2)
    frame.voiceover.voice = "own"
    spoken = voice_inputs(project, frame, cast)
    assert (spoken.provider, spoken.voice, spoken.speed) == (None, "own", 1.0)
    assert voice_inputs(project, frame.model_copy(update={"speaker_id": None}), cast).voice == "own"


def test_what_nobody_appears_in_is_hashed_as_it_always_was() -> None:
    project = Project(title="Bees", owner_id=PydanticObjectId(), created_at=NOW, updated_at=NOW)
    frame = Frame(picture_prompt="a bee")
    made_from = image_inputs(project, Scene(frames=[frame]), frame, Cast()).hash
    assert made_from == "16c78a2fe01e949951bfb0167d0438cd2620ccc6b4b32aac7a6233372bc2ea49"
