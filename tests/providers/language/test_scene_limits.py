from hypothesis import given, settings
from hypothesis import strategies as st

from providers.language.scene_limits import within_limits
from providers.protocols.script import WrittenFrame, WrittenScene


def scenes_of(sizes: list[int]) -> list[WrittenScene]:
    return [
        WrittenScene(
            f"scene {at}",
            "a",
            tuple(WrittenFrame(f"{at}.{frame}", "p") for frame in range(size)),
            characters=(f"c{at}",),
        )
        for at, size in enumerate(sizes)
    ]


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(1, 6), st.integers(1, 6))
def test_every_frame_stays_in_its_place_and_all_fits(sizes: list[int], scenes: int, frames: int) -> None:
    made = scenes_of(sizes)
    fitting = within_limits(made, max_scenes=scenes, max_frames=frames)
    if sum(sizes) > scenes * frames:
        assert fitting is None
        return
    assert fitting is not None
    assert len(fitting) <= scenes
    assert all(1 <= len(scene.frames) <= frames for scene in fitting)
    assert [f for scene in fitting for f in scene.frames] == [f for scene in made for f in scene.frames]
    assert {c for scene in fitting for c in scene.characters} == {
        c for scene in made for c in scene.characters
    }


def test_what_fits_stays_as_it_is() -> None:
    made = scenes_of([2, 3, 1])
    assert within_limits(made, max_scenes=3, max_frames=3) == tuple(made)


def test_the_smallest_neighbours_become_one() -> None:
    fitting = within_limits(scenes_of([3, 1, 1, 3]), max_scenes=3, max_frames=3)
    assert fitting is not None
    assert [scene.title for scene in fitting] == ["scene 0", "scene 1", "scene 3"]
    assert fitting[1].characters == ("c1", "c2")
