"""Clips, moving lips and sounds on the timeline that is rendered, and the steps that make them."""

import pytest
from beanie import PydanticObjectId

from documents.jobs.job import JobKind
from documents.projects.cast import Cast
from documents.tree.look import SoundEffect
from documents.tree.look import Transition as StoredTransition
from documents.tree.look import TransitionKind as StoredKind
from documents.tree.media_inputs import clip_inputs, clip_seconds
from documents.tree.script import Clip, ClipStart, Frame, LipSyncSource, MediaKind, Scene
from documents.tree.timeline import Timeline, TimelineClip
from rendering.timeline import Profile, Shot, SourceKind, TransitionKind
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import asset_steps
from tasks.rendering.timeline import LEAD_IN_S, TAIL_S, snapshot
from tests.tasks.test_timeline import BY_HAND, frame, picture, project, stored

SPOKEN_S = LEAD_IN_S + 2.0 + TAIL_S


def clip(name: str, duration_s: float = 4.0) -> Clip:
    return Clip(file=stored(name, "mp4"), width=9, height=16, duration_s=duration_s, provenance=BY_HAND)


def moving(name: str, **values: object) -> Frame:
    return frame(name, media_kind=MediaKind.CLIP, **values)


def filmed(*frames: Frame, **values: object) -> Scene:
    chosen = clip("film")
    return Scene(frames=list(frames), clips=[chosen], chosen_clip_id=chosen.id, **values)


def shots(*scenes: Scene, **values: object) -> tuple[Shot, ...]:
    return snapshot(project(*scenes, **values), Profile.STANDARD).timeline.shots


def test_a_scenes_clip_plays_on_from_frame_to_frame_without_a_seam() -> None:
    one, two, three = shots(filmed(moving("a"), moving("b"), frame("c")))
    assert [each.source.kind for each in (one, two, three)] == [
        SourceKind.CLIP,
        SourceKind.CLIP,
        SourceKind.IMAGE,
    ]
    assert (one.trim_start_s, two.trim_start_s) == (0, SPOKEN_S)
    assert (one.plays_at_s, two.plays_at_s) == (None, 0.0)
    assert (one.transition.kind, two.transition.kind) == (TransitionKind.CUT, TransitionKind.CROSSFADE)
    assert one.source.duration_s == 4.0


def test_a_clip_is_heard_as_its_scene_says_and_moving_lips_are_not() -> None:
    quiet, loud = filmed(moving("a")), filmed(moving("b"), clip_volume=0.4)
    silent, speaking = filmed(moving("c"), clip_volume=0.4), filmed(moving("d"), clip_volume=0.4)
    for scene in (quiet, loud, speaking):
        scene.clips[0].has_sound = True
    lips = clip("lips")
    lips.has_sound = True
    speaking.frames[0].lip_sync = lips
    still = Scene(frames=[frame("e")], clip_volume=0.4)
    made = shots(quiet, loud, silent, speaking, still)
    assert [each.source_volume for each in made] == [0.0, 0.4, 0.0, 0.0, 0.0]


def test_a_transition_that_somebody_wants_is_kept_within_a_clip() -> None:
    wipe = StoredTransition(kind=StoredKind.WIPE_LEFT, duration_s=0.4)
    assert shots(filmed(moving("a", transition=wipe), moving("b")))[0].transition.kind is (
        TransitionKind.WIPE_LEFT
    )


def test_a_clip_starts_anew_after_another_picture() -> None:
    assert [each.trim_start_s for each in shots(filmed(moving("a"), frame("b"), moving("c")))] == [0, 0, 0]


def test_without_a_chosen_clip_the_picture_is_shown() -> None:
    scene = filmed(moving("a"))
    scene.chosen_clip_id = None
    assert shots(scene)[0].source.kind is SourceKind.IMAGE


def test_a_frame_that_shows_a_clip_needs_no_picture() -> None:
    assert shots(filmed(moving("a", images=[], chosen_image_id=None)))[0].source.kind is SourceKind.CLIP


def test_moving_lips_come_before_the_clip_and_wait_for_the_voice() -> None:
    lips = clip("lips", 2.0)
    before, speaking, after = shots(filmed(moving("a"), moving("b", lip_sync=lips), moving("c")))
    assert speaking.source.sha256 == lips.file.sha256
    assert (speaking.plays_at_s, speaking.trim_start_s) == (LEAD_IN_S, 0)
    assert speaking.voice is not None
    assert speaking.voice.lead_in_s == LEAD_IN_S
    assert before.transition.kind is TransitionKind.CROSSFADE
    assert after.trim_start_s == 0


def test_a_timeline_by_hand_shows_the_clip_and_the_part_of_it_that_it_names() -> None:
    scene = filmed(frame("a"))
    other = clip("other")
    scene.clips.append(other)
    shown = TimelineClip(
        scene_id=scene.id,
        frame_id=scene.frames[0].id,
        clip_id=other.id,
        start_s=0,
        duration_s=3,
        trim_start_s=0.5,
        trim_end_s=1.0,
    )
    plain = shown.model_copy(update={"clip_id": None, "id": PydanticObjectId()})
    first, second = shots(scene, timeline=Timeline(clips=[shown, plain]))
    assert (first.source.sha256, first.trim_start_s, first.trim_end_s) == (other.file.sha256, 0.5, 1.0)
    assert second.source.kind is SourceKind.IMAGE


def test_sounds_that_are_made_are_heard_where_they_stand() -> None:
    made = SoundEffect(prompt="a bell", file=stored("bell", "mp3"), duration_s=1.5, start_s=0.4, volume=0.3)
    unmade = SoundEffect(prompt="a gong")
    late = made.model_copy(update={"start_s": 60.0})
    taken = snapshot(
        project(Scene(frames=[frame("a", sound_effects=[made, unmade, late])])), Profile.STANDARD
    )
    (sound,) = taken.timeline.shots[0].sounds
    assert (sound.start_s, sound.volume, sound.duration_s, sound.extension) == (0.4, 0.3, 1.5, "mp3")
    assert taken.keys[sound.sha256] == "projects/p/bell.mp3"


def steps(*scenes: Scene, mode: ProductionMode = ProductionMode.MISSING) -> list[tuple[JobKind, int]]:
    made = project(*scenes)
    made.music.is_enabled = False
    return [(step.kind, step.wave) for step in asset_steps(made, Cast(), mode)]


def test_clips_come_after_pictures_and_each_after_the_one_it_goes_on_from() -> None:
    bare: dict[str, object] = {"images": [], "chosen_image_id": None}
    scenes = [
        Scene(frames=[moving("a", **bare), moving("b", **bare)]),
        Scene(frames=[moving("c")], use_seed_frame=True),
        Scene(frames=[moving("d")]),
        Scene(frames=[moving("e", lip_sync_from=LipSyncSource.PICTURE)]),
        Scene(frames=[frame("f")]),
    ]
    assert steps(*scenes) == [
        (JobKind.IMAGE, 0),  # of the first frame alone
        (JobKind.CLIP, 1),
        (JobKind.CLIP, 2),
        (JobKind.CLIP, 1),
        (JobKind.LIP_SYNC, 6),
    ]


def test_a_scene_that_has_nothing_to_go_on_from_begins_with_its_picture() -> None:
    made = project(Scene(frames=[moving("a")], use_seed_frame=True))
    (step,) = [
        each for each in asset_steps(made, Cast(), ProductionMode.MISSING) if each.kind is JobKind.CLIP
    ]
    assert step.payload["start"] == ClipStart.PICTURE


def test_a_clip_is_made_anew_only_when_it_is_asked_for_in_other_words() -> None:
    scene = filmed(moving("a"))
    made = project(scene)
    made.music.is_enabled = False
    film = scene.clips[0]
    film.start, film.wanted_s = ClipStart.PICTURE, 3.0
    inputs = clip_inputs(made, scene, Cast(), ClipStart.PICTURE, 3.0)
    film.provenance = BY_HAND.model_copy(update={"inputs_hash": inputs.hash})

    def due() -> list[JobKind]:
        return [step.kind for step in asset_steps(made, Cast(), ProductionMode.STALE)]

    assert due() == []
    scene.frames[0].voiceover.recording = None
    assert due() == [JobKind.VOICEOVER]  # a longer voice does not make a clip stale
    scene.clip_prompt = "another film"
    assert due() == [JobKind.VOICEOVER, JobKind.CLIP]
    scene.clip_prompt = None
    scene.frames[0].images = [picture("new")]
    scene.frames[0].chosen_image_id = scene.frames[0].images[0].id
    assert due() == [JobKind.VOICEOVER, JobKind.CLIP]


def test_a_clip_that_somebody_brought_is_never_stale() -> None:
    scene = filmed(moving("a"))
    scene.clip_prompt = "another film"
    assert steps(scene, mode=ProductionMode.STALE) == []


def test_sounds_in_words_are_made_once() -> None:
    wanted = SoundEffect(prompt="a bell")
    scene = Scene(frames=[frame("a", sound_effects=[wanted, SoundEffect(name="nothing yet")])])
    assert steps(scene) == [(JobKind.SOUND_EFFECT, 0)]
    wanted.file = stored("bell", "mp3")
    assert steps(scene) == []


@pytest.mark.parametrize(("frames", "seconds"), [(1, 3.0), (2, 5.0), (9, 10.0)])
def test_a_clip_lasts_as_long_as_its_frames_within_bounds(frames: int, seconds: float) -> None:
    scene = Scene(frames=[moving(f"{number}") for number in range(frames)])
    assert clip_seconds(scene) == seconds
