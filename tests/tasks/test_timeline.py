"""From a project's tree to the timeline that is rendered."""

from datetime import UTC, datetime

import pytest
from beanie import PydanticObjectId

from documents.projects.project import Project
from documents.tree import inputs
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.brief import MusicTrack, Style
from documents.tree.look import CaptionPreset, Motion, MotionKind, Rectangle, TextEffect, TextEffectKind
from documents.tree.look import Transition as StoredTransition
from documents.tree.look import TransitionKind as StoredKind
from documents.tree.script import Frame, Image, Scene, Script, Voiceover, VoiceRecording, WordTiming
from documents.tree.timeline import Timeline, TimelineClip
from rendering.timeline import MotionKind as ShownMotion
from rendering.timeline import Profile, TransitionKind
from tasks.job_engine.work import Hopeless
from tasks.rendering.timeline import LEAD_IN_S, SILENT_FRAME_S, TAIL_S, snapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BY_HAND = Provenance(origin=Origin.UPLOADED, created_at=NOW)


def stored(name: str, extension: str) -> StoredFile:
    digest = name.encode().hex().ljust(64, "0")[:64]
    return StoredFile(key=f"projects/p/{name}.{extension}", sha256=digest, size_bytes=1, mime_type="x/y")


def picture(name: str) -> Image:
    return Image(file=stored(name, "jpg"), width=1080, height=1920, provenance=BY_HAND)


def spoken(name: str, duration_s: float) -> Voiceover:
    words = [WordTiming(text="hello", start_s=0.1, end_s=duration_s)]
    file = stored(name, "wav")
    return Voiceover(
        recording=VoiceRecording(file=file, duration_s=duration_s, words=words, provenance=BY_HAND)
    )


def frame(name: str, **values: object) -> Frame:
    image = picture(f"picture {name}")
    made = Frame(
        narration=f"words of {name}",
        images=[image],
        chosen_image_id=image.id,
        voiceover=spoken(f"voice {name}", 2.0),
    )
    return made.model_copy(update=values)


def project(*scenes: Scene, **values: object) -> Project:
    made: Project = Project.model_construct(
        id=PydanticObjectId(),
        title="t",
        owner_id=PydanticObjectId(),
        created_at=NOW,
        updated_at=NOW,
        script=Script(scenes=list(scenes)),
    )
    for name, value in values.items():
        setattr(made, name, value)
    return made


def test_a_shot_lasts_as_long_as_its_voice_with_air_around_it() -> None:
    shots = snapshot(project(Scene(frames=[frame("a")])), Profile.STANDARD).timeline.shots
    assert [shot.duration_s for shot in shots] == [LEAD_IN_S + 2.0 + TAIL_S]
    assert shots[0].voice is not None
    assert shots[0].voice.lead_in_s == LEAD_IN_S


def test_a_length_set_by_hand_is_kept_but_never_cuts_a_voice() -> None:
    taken = snapshot(
        project(Scene(frames=[frame("a", duration_s=9.0), frame("b", duration_s=1.0)])), Profile.STANDARD
    )
    assert [shot.duration_s for shot in taken.timeline.shots] == [9.0, LEAD_IN_S + 2.0 + TAIL_S]


def test_a_frame_without_words_is_shown_in_silence() -> None:
    mute = frame("a", narration="", voiceover=Voiceover())
    shot = snapshot(project(Scene(frames=[mute])), Profile.STANDARD).timeline.shots[0]
    assert (shot.voice, shot.duration_s) == (None, SILENT_FRAME_S)


def test_skipped_frames_and_scenes_are_not_shown() -> None:
    skipped = Scene(frames=[frame("b")], is_skipped=True)
    shown = Scene(frames=[frame("a"), frame("c", is_skipped=True)])
    shots = snapshot(project(shown, skipped), Profile.STANDARD).timeline.shots
    assert [shot.id for shot in shots] == [str(shown.frames[0].id)]


@pytest.mark.parametrize(
    ("values", "what"), [({"chosen_image_id": None}, "picture"), ({"voiceover": Voiceover()}, "voiceover")]
)
def test_what_is_missing_is_named_with_its_frame(values: dict[str, object], what: str) -> None:
    lacking = frame("a", **values)
    with pytest.raises(Hopeless, match=f"no {what} .*{lacking.id}") as refused:
        snapshot(project(Scene(frames=[lacking])), Profile.STANDARD)
    assert refused.value.code == "ASSETS_MISSING"


def test_a_project_without_frames_has_nothing_to_render() -> None:
    with pytest.raises(Hopeless, match="no frames"):
        snapshot(project(), Profile.STANDARD)


def test_the_style_decides_transitions_and_scenes_part_slower_than_frames() -> None:
    own = StoredTransition(kind=StoredKind.CIRCLE_OPEN, duration_s=1.0)
    taken = snapshot(
        project(
            Scene(frames=[frame("a"), frame("b"), frame("c", transition=own)]), Scene(frames=[frame("d")])
        ),
        Profile.STANDARD,
    )
    within, between, chosen, last = (shot.transition for shot in taken.timeline.shots)
    assert within.kind is between.kind is TransitionKind.CROSSFADE
    assert within.duration_s == between.duration_s
    assert (chosen.kind, chosen.duration_s) == (TransitionKind.CIRCLE_OPEN, 1.0)
    assert last.kind is TransitionKind.CUT
    parted = snapshot(
        project(Scene(frames=[frame("a")]), Scene(frames=[frame("b")])), Profile.STANDARD
    ).timeline.shots
    assert parted[0].transition.duration_s > within.duration_s


def test_moving_a_frame_does_not_change_its_own_camera() -> None:
    a, b = frame("a"), frame("b")
    before = snapshot(project(Scene(frames=[a, b])), Profile.STANDARD).timeline.shots
    after = snapshot(project(Scene(frames=[b, a])), Profile.STANDARD).timeline.shots
    assert {shot.id: shot.motion for shot in before} == {shot.id: shot.motion for shot in after}


def test_rectangles_reach_the_renderer_inside_the_picture() -> None:
    corner = Rectangle(x=0.9, y=0.9, width=0.1, height=0.1)
    whole = Rectangle(x=0, y=0, width=1, height=1)
    motion = Motion(kind=MotionKind.RECTANGLES, from_rectangle=whole, to_rectangle=corner)
    shot = snapshot(project(Scene(frames=[frame("a", motion=motion)])), Profile.STANDARD).timeline.shots[0]
    assert shot.motion.kind is ShownMotion.RECTANGLES
    assert shot.motion.to_rect is not None
    assert shot.motion.to_rect.x + shot.motion.to_rect.size <= 1


def test_texts_that_would_start_after_the_shot_are_left_out() -> None:
    late = TextEffect(kind=TextEffectKind.TITLE, text="late", start_s=60)
    hook = TextEffect(kind=TextEffectKind.HOOK, text="%{pts} {\\b1} $5 off")
    shot = snapshot(
        project(Scene(frames=[frame("a", text_effects=[late, hook])])), Profile.STANDARD
    ).timeline.shots[0]
    assert [text.text for text in shot.texts] == ["%{pts} {\\b1} $5 off"]


def test_a_scenes_hook_stands_on_the_screen_as_it_begins() -> None:
    scene = Scene(frames=[frame("a"), frame("b")], hook_text="Wait for it")
    own = TextEffect(kind=TextEffectKind.HOOK, text="Mine")
    other = Scene(frames=[frame("c", text_effects=[own])], hook_text="Not shown")
    shots = snapshot(project(scene, other), Profile.STANDARD).timeline.shots
    assert [[text.text for text in shot.texts] for shot in shots] == [["Wait for it"], [], ["Mine"]]
    assert (shots[0].texts[0].start_s, shots[0].texts[0].duration_s) == (0, 3)


def test_a_box_stands_behind_captions_that_ask_for_one() -> None:
    style = Style()
    style.captions.preset = CaptionPreset.BOX
    taken = snapshot(project(Scene(frames=[frame("a")]), style=style), Profile.STANDARD)
    assert taken.timeline.captions.background == "#000000"


def test_an_edited_timeline_goes_before_the_script() -> None:
    a, b = frame("a"), frame("b")
    scene = Scene(frames=[a, b])
    clips = [
        TimelineClip(scene_id=scene.id, frame_id=each.id, start_s=0, duration_s=length)
        for each, length in ((b, 4.0), (a, 5.0))
    ]
    taken = snapshot(project(scene, timeline=Timeline(clips=clips)), Profile.STANDARD)
    assert [shot.id for shot in taken.timeline.shots] == [str(clip.id) for clip in clips]
    assert [shot.duration_s for shot in taken.timeline.shots] == [4.0, 5.0]


def test_every_source_has_a_key_and_the_same_tree_the_same_hash() -> None:
    made = project(Scene(frames=[frame("a"), frame("b")]))
    made.music.track = MusicTrack(file=stored("music", "wav"), duration_s=40.0, provenance=BY_HAND)
    taken = snapshot(made, Profile.STANDARD)
    wanted = {shot.source.sha256 for shot in taken.timeline.shots}
    wanted |= {shot.voice.sha256 for shot in taken.timeline.shots if shot.voice}
    assert taken.timeline.music is not None
    assert set(taken.keys) == wanted | {taken.timeline.music.sha256}
    assert taken.hash == snapshot(made, Profile.STANDARD).hash
    assert taken.hash != snapshot(made, Profile.DRAFT).hash


def test_words_too_long_to_show_are_shortened() -> None:
    long = spoken("voice", 2.0)
    assert long.recording is not None
    long.recording.words[0].text = "x" * 500
    shot = snapshot(project(Scene(frames=[frame("a", voiceover=long)])), Profile.STANDARD).timeline.shots[0]
    assert shot.voice is not None
    assert len(shot.voice.words[0].text) == 200


@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        ("PORTRAIT", "P1080", (1080, 1920)),
        ("LANDSCAPE", "P720", (1280, 720)),
        ("SQUARE", "P480", (480, 480)),
        ("FEED", "P1080", (1080, 1350)),
        ("PORTRAIT", "P480", (480, 854)),
    ],
)
def test_sizes_are_even_and_of_their_ratio(ratio: str, resolution: str, size: tuple[int, int]) -> None:
    style = Style.model_validate({"aspect_ratio": ratio, "resolution": resolution})
    assert inputs.video_size(style) == size
