from typing import Any

import pytest_asyncio
from beanie import init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.clip_prompt import ClipPrompt, clip_prompt
from documents.tree.media_inputs import clip_inputs, clip_is_stale
from documents.tree.picture_prompt import LONGEST
from documents.tree.script import Clip, ClipStart, Frame, Scene
from documents.writers_room.character import Character, CharacterImage
from tests.documents.test_picture_prompt import NOW, ada, told
from tests.schema.desk import made_from
from tests.studio import stored_file


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


def seen(*people: Character) -> tuple[Project, Scene, Cast]:
    project, scene, _, cast = told(*people)
    return project, scene, cast


def pictured(character: Character) -> Character:
    image = CharacterImage(file=stored_file("ada"), width=1, height=1, provenance=made_from())
    return Character(**{**character.model_dump(by_alias=True), "images": [image]})


def test_who_appears_stands_behind_what_happens() -> None:
    project, scene, cast = seen(ada(), ada(name="Bo", description="", age=None))
    assert clip_prompt(project, scene, cast) == ClipPrompt(
        "A pot on the fire. Characters: Ada: about 70, red scarf, grey coat; Bo. a low room,\nsmoke. "
        "Style: oil painting",
        "text, cars",
    )
    scene.clip_prompt = "She tastes the soup."
    project.brief.character_description = "a fox"
    told_now = clip_prompt(project, scene, cast).prompt
    assert told_now.startswith("She tastes the soup. Characters: Ada")
    assert "; Bo. Appearing throughout: a fox. a low room" in told_now


def test_a_prompt_has_an_end() -> None:
    project, scene, cast = seen(ada(description="x" * 5_000))
    prompt = clip_prompt(project, scene, cast).prompt
    assert len(prompt) == LONGEST
    assert prompt.startswith("A pot on the fire. Characters: Ada: about 70, xxx")


def test_a_changed_character_makes_clips_stale() -> None:
    before = ada()
    project, scene, cast = seen(before)
    made = clip_inputs(project, scene, cast, ClipStart.TEXT, 4.0)
    clip = Clip(
        file=stored_file("clip"),
        width=9,
        height=16,
        duration_s=4,
        start=ClipStart.TEXT,
        wanted_s=4.0,
        provenance=made_from().model_copy(update={"inputs_hash": made.hash}),
    )
    assert not clip_is_stale(project, scene, clip, cast)
    changed = before.model_copy(update={"description": "blue scarf"})
    assert clip_is_stale(project, scene, clip, Cast({before.id: changed}))
    assert clip_is_stale(project, scene, clip, Cast({before.id: pictured(before)}))
    assert clip_is_stale(project, scene, clip, Cast())


def test_a_picture_of_a_character_is_shown_where_no_first_picture_shows_it() -> None:
    shown = pictured(ada())
    project, scene, cast = seen(shown, ada(name="Bo"))
    by_start = {start: clip_inputs(project, scene, cast, start, 4.0).references for start in ClipStart}
    assert by_start == {
        ClipStart.TEXT: (shown.images[0].file.sha256,),
        ClipStart.PICTURE: (),
        ClipStart.SEED_FRAME: (),
    }


def test_what_nobody_appears_in_is_hashed_as_it_always_was() -> None:
    project = Project(title="Bees", owner_id=ada().created_by, created_at=NOW, updated_at=NOW)
    scene = Scene(title="Bees", visual_description="a meadow.", frames=[Frame(picture_prompt="a bee")])
    made_from_now = clip_inputs(project, scene, Cast(), ClipStart.TEXT, 4.0).hash
    assert made_from_now == "fee316f852b8355f9d1f4afcc058ff3273d2c51706602a5930345e36c999fcbf"


def test_a_look_that_ends_with_a_full_stop_is_told_and_hashed_as_it_always_was() -> None:
    project = Project(title="Bees", owner_id=ada().created_by, created_at=NOW, updated_at=NOW)
    project.style.look = "Soft light. Grain."
    scene = Scene(title="Bees", visual_description="a meadow.", frames=[Frame(picture_prompt="a bee")])
    assert clip_prompt(project, scene, Cast()).prompt == "a bee. a meadow. Style: Soft light. Grain."
    made_from_now = clip_inputs(project, scene, Cast(), ClipStart.TEXT, 4.0).hash
    assert made_from_now == "fcd92322622d8c338736582036dbac0a4ca175fc2d29351f23cb6d89ad42a64e"
