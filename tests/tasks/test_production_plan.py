"""What a production still has to make."""

import pytest

from documents.jobs.job import JobKind
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.asset import Origin, Provenance
from documents.tree.brief import Brief, MusicTrack
from documents.tree.inputs import image_inputs, music_inputs, voice_inputs
from documents.tree.script import Frame, Scene, Voiceover
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import asset_steps, script_steps
from tests.tasks.test_timeline import NOW, frame, picture, project, stored


def generated(inputs_hash: str) -> Provenance:
    return Provenance(origin=Origin.GENERATED, inputs_hash=inputs_hash, created_at=NOW)


def finished() -> Project:
    """One scene of two frames whose pictures, voices and music are made from what is there."""
    made = project(Scene(frames=[frame("a"), frame("b")]))
    made.brief = Brief(topic="t")
    for scene, each in made.frames():
        each.images[0].provenance = generated(image_inputs(made, scene, each, Cast()).hash)
        assert each.voiceover.recording is not None
        each.voiceover.recording.provenance = generated(voice_inputs(made, each, Cast()).hash)
    made.music.track = MusicTrack(
        file=stored("music", "wav"), duration_s=40.0, provenance=generated(music_inputs(made).hash)
    )
    return made


def kinds(made: Project, mode: ProductionMode) -> list[JobKind]:
    return [step.kind for step in asset_steps(made, Cast(), mode)]


@pytest.mark.parametrize("mode", [ProductionMode.MISSING, ProductionMode.STALE])
def test_a_finished_project_needs_nothing(mode: ProductionMode) -> None:
    assert kinds(finished(), mode) == []


def test_all_makes_everything_anew() -> None:
    one = [JobKind.IMAGE, JobKind.VOICEOVER]
    assert kinds(finished(), ProductionMode.ALL) == [*one, *one, JobKind.MUSIC]


def test_changed_words_make_the_voice_stale_and_nothing_else() -> None:
    made = finished()
    made.script.scenes[0].frames[0].narration = "other words"
    made.script.scenes[0].frames[0].picture_prompt = ""
    steps = asset_steps(made, Cast(), ProductionMode.STALE)
    assert [(step.kind, step.node_id) for step in steps if step.kind is JobKind.VOICEOVER] == [
        (JobKind.VOICEOVER, made.script.scenes[0].frames[0].id)
    ]
    assert kinds(made, ProductionMode.MISSING) == []


def test_a_moved_frame_is_not_stale() -> None:
    made = finished()
    made.script.scenes[0].frames.reverse()
    assert kinds(made, ProductionMode.STALE) == []


def test_a_picture_that_a_person_brought_is_never_stale() -> None:
    made = finished()
    own = picture("own")
    made.script.scenes[0].frames[0].images = [own]
    made.script.scenes[0].frames[0].chosen_image_id = own.id
    made.style.look = "watercolor"
    images = [step for step in asset_steps(made, Cast(), ProductionMode.STALE) if step.kind is JobKind.IMAGE]
    assert [step.node_id for step in images] == [made.script.scenes[0].frames[1].id]


def test_frames_without_words_need_no_voice_and_skipped_ones_nothing() -> None:
    made = finished()
    unheard = Frame(picture_prompt="x", voiceover=Voiceover(text="Heard by nobody."))
    made.script.scenes.append(Scene(frames=[unheard, Frame(is_skipped=True)]))
    assert kinds(made, ProductionMode.MISSING) == [JobKind.IMAGE]


def test_music_that_is_off_is_not_made() -> None:
    made = finished()
    made.music.track = None
    made.music.is_enabled = False
    assert kinds(made, ProductionMode.MISSING) == []


@pytest.mark.parametrize(
    ("mode", "is_due"),
    [(ProductionMode.MISSING, False), (ProductionMode.STALE, True), (ProductionMode.ALL, True)],
)
def test_a_script_from_another_brief_is_stale(mode: ProductionMode, *, is_due: bool) -> None:
    made = finished()
    made.script.provenance = generated("from another brief")
    assert bool(script_steps(made, mode)) is is_due


@pytest.mark.parametrize("mode", list(ProductionMode))
def test_a_script_that_a_person_wrote_is_never_replaced(mode: ProductionMode) -> None:
    assert script_steps(finished(), mode) == []


def test_without_topic_and_text_no_script_is_asked_for() -> None:
    assert script_steps(project(), ProductionMode.ALL) == []
