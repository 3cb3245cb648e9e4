"""Segments and their keys: what changes with what."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rendering.fonts import FontShelf
from rendering.plan import RenderPlan, SegmentKind
from rendering.plan import plan as plan_render
from rendering.timeline import CaptionPreset, CaptionStyle, Timeline, Transition, TransitionKind
from tests.rendering.library import Library

CROSSFADE = Transition(kind=TransitionKind.CROSSFADE, duration_s=0.3)
CUT = Transition()


@pytest.fixture
def spoken(library: Library) -> Timeline:
    return library.timeline(
        *(
            library.shot(name, 2.0, voice=library.voice(f"shot {name} speaks now", 1.2))
            for name in ("one", "two", "three", "four")
        )
    )


def planned(timeline: Timeline, fonts: FontShelf, encoder: str = "x") -> RenderPlan:
    return plan_render(timeline, fonts=fonts, encoder=encoder)


def changed(before: RenderPlan, after: RenderPlan) -> set[tuple[str, ...]]:
    kept = {segment.key for segment in before.segments}
    return {segment.shot_ids for segment in after.segments if segment.key not in kept}


def with_shot(timeline: Timeline, position: int, **overrides: object) -> Timeline:
    shots = list(timeline.shots)
    shots[position] = shots[position].model_copy(update=overrides)
    return timeline.model_copy(update={"shots": tuple(shots)})


def test_segments_tile_the_video(spoken: Timeline, fonts: FontShelf) -> None:
    plan = planned(spoken, fonts)
    kinds = [segment.kind for segment in plan.segments]
    assert kinds == [SegmentKind.BODY, SegmentKind.TRANSITION] * 3 + [SegmentKind.BODY]
    reached = 0
    for segment in plan.segments:
        assert segment.first_video_frame == reached
        reached += segment.video_frames
    assert reached == plan.total_video_frames == 240
    assert plan.duration_s == 8


def test_the_same_timeline_has_the_same_keys(spoken: Timeline, fonts: FontShelf) -> None:
    again = Timeline.model_validate_json(spoken.model_dump_json())
    keys = [segment.key for segment in planned(spoken, fonts).segments]
    assert keys == [segment.key for segment in planned(again, fonts).segments]
    assert len(set(keys)) == len(keys)


def test_another_picture_changes_its_body_and_both_transitions(
    spoken: Timeline, fonts: FontShelf, library: Library
) -> None:
    after = with_shot(spoken, 1, source=library.picture(777))
    assert changed(planned(spoken, fonts), planned(after, fonts)) == {
        ("one", "two"),
        ("two",),
        ("two", "three"),
    }


def test_other_words_change_only_the_segments_that_show_them(
    spoken: Timeline, fonts: FontShelf, library: Library
) -> None:
    voice = library.voice("shot two whispers now", 1.2)
    after = with_shot(spoken, 1, voice=voice)
    assert changed(planned(spoken, fonts), planned(after, fonts)) == {("two",)}


def test_a_longer_first_shot_leaves_later_ones_encoded(spoken: Timeline, fonts: FontShelf) -> None:
    before, after = planned(spoken, fonts), planned(with_shot(spoken, 0, duration_s=2.71), fonts)
    assert changed(before, after) == {("one",), ("one", "two")}


def test_another_transition_changes_it_and_what_it_takes_from(spoken: Timeline, fonts: FontShelf) -> None:
    wipe = Transition(kind=TransitionKind.WIPE_LEFT, duration_s=0.3)
    after = with_shot(spoken, 2, transition=wipe)
    assert changed(planned(spoken, fonts), planned(after, fonts)) == {("three", "four")}


def test_music_and_gain_change_no_segment(spoken: Timeline, fonts: FontShelf, library: Library) -> None:
    after = spoken.model_copy(update={"music": library.music(), "voice_gain_db": 3.0})
    assert changed(planned(spoken, fonts), planned(after, fonts)) == set()
    assert planned(after, fonts).audio_sources > planned(spoken, fonts).audio_sources


def test_another_encoder_changes_every_segment(spoken: Timeline, fonts: FontShelf) -> None:
    before, after = planned(spoken, fonts), planned(spoken, fonts, encoder="y")
    assert len(changed(before, after)) == len(after.segments)


def test_captions_off_leave_no_text(spoken: Timeline, fonts: FontShelf) -> None:
    silent = spoken.model_copy(update={"captions": CaptionStyle(preset=CaptionPreset.NONE)})
    assert all(segment.captions is None for segment in planned(silent, fonts).segments)
    assert all(segment.captions for segment in planned(spoken, fonts).segments if len(segment.shot_ids) == 1)


def test_arguments_hold_no_path_and_no_text_of_users(
    fonts: FontShelf, library: Library, tmp_path: Path
) -> None:
    timeline = library.timeline(library.shot("a", 1.0, voice=library.voice("hostile: 'text'", 0.8)))
    (segment,) = planned(timeline, fonts).segments
    line = " ".join(segment.arguments)
    assert str(tmp_path) not in line
    assert "hostile" not in line
    assert segment.sources == {timeline.shots[0].source.sha256}


def test_a_transition_is_cut_down_to_half_of_the_shorter_shot(fonts: FontShelf, library: Library) -> None:
    timeline = library.timeline(
        library.shot("a", 2.0, transition=Transition(kind="crossfade", duration_s=3)), library.shot("b", 0.4)
    )
    assert [segment.video_frames for segment in planned(timeline, fonts).segments] == [54, 6, 12]


def test_an_unknown_extension_is_refused_by_name(fonts: FontShelf, library: Library) -> None:
    source = library.picture(1).model_copy(update={"extension": "m3u8"})
    with pytest.raises(ValueError, match=r"source.extension: is 'm3u8'; it may be png"):
        planned(library.timeline(library.shot("a", source=source)), fonts)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.floats(0.1, 4), st.floats(0, 2), st.sampled_from(list(TransitionKind))),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([24, 25, 30, 60]),
)
def test_any_plan_tiles_its_timeline(
    fonts: FontShelf, library: Library, shots: list[tuple[float, float, TransitionKind]], fps: int
) -> None:
    source = library.picture(1)
    timeline = library.timeline(
        *(
            library.shot(
                str(number),
                duration,
                source=source,
                transition=Transition(kind=kind, duration_s=overlap),
            )
            for number, (duration, overlap, kind) in enumerate(shots)
        ),
        format={"width": 270, "height": 480, "fps": fps},
    )
    plan = planned(timeline, fonts)
    assert sum(segment.video_frames for segment in plan.segments) == plan.total_video_frames
    assert abs(plan.duration_s - sum(duration for duration, _, _ in shots)) <= 0.5 / fps + 1e-9
