"""How long a video is as things stand, whether that fits, and at which speed it would."""

from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.tree.brief import Brief, Style
from documents.tree.inputs import voice_inputs
from documents.tree.script import Frame, Scene, Script, Voiceover, VoiceRecording
from documents.tree.timeline import Timeline, TimelineClip
from resolvers.projects.lengths import LengthFit, length_of
from tasks.rendering.timeline import SILENT_FRAME_S
from tests.studio import made, stored_file

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AROUND_S = 0.5
"""Silence before and after each voice."""


@pytest.fixture(scope="module", autouse=True)
async def models(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


def spoken(seconds: float | None = None, **values: Any) -> Frame:
    frame = Frame(narration="Bees dance in the dark, and the others follow.", **values)
    if seconds is not None:
        voice = VoiceRecording(file=stored_file(), duration_s=seconds, provenance=made())
        frame.voiceover.recording = voice
    return frame


def project_of(*frames: Frame, speed: float = 1.0, **brief: Any) -> Project:
    return Project(
        title="t",
        owner_id=PydanticObjectId(),
        brief=Brief(**brief),
        style=Style(speech_speed=speed),
        script=Script(scenes=[Scene(frames=list(frames))]),
        created_at=NOW,
        updated_at=NOW,
    )


def test_recorded_voices_are_measured_and_others_guessed_by_letters() -> None:
    found = length_of(project_of(spoken(4.0), spoken(6.0)), Cast())
    assert (found.duration_s, found.is_measured, found.fit) == (10 + 2 * AROUND_S, True, LengthFit.FITS)
    half = length_of(project_of(spoken(4.0), spoken()), Cast())
    assert half.is_measured is False
    assert 4 + 2 * AROUND_S < half.duration_s < 10


def test_what_is_too_long_fits_at_the_speed_that_is_told() -> None:
    project = project_of(spoken(40.0), spoken(30.0), max_duration_s=60)
    found = length_of(project, Cast())
    assert (found.fit, found.fitting_speed) == (LengthFit.TOO_LONG, 1.19)
    assert 70 / 1.19 + 2 * AROUND_S <= 60 < 70 / 1.18 + 2 * AROUND_S


def test_what_is_too_short_fits_at_the_speed_that_is_told() -> None:
    project = project_of(spoken(20.0), speed=1.2, min_duration_s=25)
    found = length_of(project, Cast())
    assert (found.fit, found.fitting_speed) == (LengthFit.TOO_SHORT, 0.97)
    assert 20 * 1.2 / 0.97 + AROUND_S >= 25 > 20 * 1.2 / 0.98 + AROUND_S


@pytest.mark.parametrize("bounds", [{"max_duration_s": 10}, {"min_duration_s": 200}])
def test_where_no_speed_would_do_none_is_told(bounds: dict[str, float]) -> None:
    found = length_of(project_of(spoken(60.0), **bounds), Cast())
    assert (found.fit is LengthFit.FITS, found.fitting_speed) == (False, None)


def test_an_arranged_timeline_is_as_long_as_its_clips() -> None:
    project = project_of(spoken(60.0), max_duration_s=30)
    scene = project.script.scenes[0]
    clips = [
        TimelineClip(scene_id=scene.id, frame_id=scene.frames[0].id, start_s=at, duration_s=20)
        for at in (0, 20)
    ]
    project.timeline = Timeline(clips=clips)
    found = length_of(project, Cast())
    assert (found.duration_s, found.fit, found.fitting_speed) == (40, LengthFit.TOO_LONG, None)


def test_a_silent_frame_is_as_long_as_it_is_shown() -> None:
    for wanted_s, shown_s in ((1.5, 1.5), (None, SILENT_FRAME_S), (8.0, 8.0)):
        silent = Frame(duration_s=wanted_s, voiceover=Voiceover(text="Heard by nobody."))
        found = length_of(project_of(spoken(4.0), silent), Cast())
        assert (found.duration_s, found.is_measured) == (4 + AROUND_S + shown_s, True)


def test_what_is_left_out_does_not_count() -> None:
    project = project_of(spoken(40.0), spoken(30.0, is_skipped=True), max_duration_s=60)
    assert length_of(project, Cast()).fit is LengthFit.FITS


def test_a_voice_of_other_words_or_at_another_speed_is_not_measured() -> None:
    frame = spoken(40.0)
    project = project_of(frame, max_duration_s=36)
    assert frame.voiceover.recording is not None
    inputs = voice_inputs(project, frame, Cast())
    frame.voiceover.recording.provenance.inputs_hash = inputs.hash
    asked = length_of(project, Cast())
    assert (asked.is_measured, asked.fitting_speed) == (True, 1.13)
    project.style.speech_speed = 1.13
    set_now = length_of(project, Cast())
    assert (set_now.is_measured, set_now.fit, set_now.fitting_speed) == (False, LengthFit.FITS, None)
    assert set_now.duration_s == pytest.approx(40 / 1.13 + AROUND_S)
    frame.narration = "Short."
    assert length_of(project, Cast()).duration_s < 2


def test_without_a_script_there_is_nothing_to_compare() -> None:
    found = length_of(project_of(max_duration_s=60), Cast())
    assert (found.duration_s, found.is_measured, found.fit) == (0, False, None)
