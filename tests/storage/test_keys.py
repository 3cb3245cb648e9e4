from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import keys
from storage.errors import KeyMalformed

HASH = "0f" * 32
TRAPS = [
    "",
    ".",
    "..",
    "a/b",
    "../x",
    "a\\b",
    "a..b",
    "a b",
    "-a",
    "a-",
    ".a",
    "a\n",
    "ä",
    "a%2fb",
    "a\0",
    "x" * 200,
]


def test_keys_are_laid_out_as_designed() -> None:
    assert (
        keys.company_asset("c1", "color-schemes", "a1", "json") == "companies/c1/assets/color-schemes/a1.json"
    )
    assert (
        keys.car_media("c1", "m1", "v1", folder="3d-models", media="x1", extension="glb")
        == "companies/c1/cars/m1/v1/3d-models/x1.glb"
    )
    assert keys.user_file("u1", "avatars", "a1", "png") == "users/u1/avatars/a1.png"
    assert keys.project_upload("p1", "u1", "mov") == "projects/p1/uploads/u1.mov"
    assert (
        keys.scene_asset("p1", "s1", "seed-frames", "a1", "png") == "projects/p1/scenes/s1/seed-frames/a1.png"
    )
    assert keys.project_music("p1", "a1", "mp3") == "projects/p1/music/a1.mp3"
    assert keys.render_file("p1", "r1", "video", "mp4") == "projects/p1/renders/r1/video.mp4"
    assert keys.segment("users", "u1", HASH) == f"users/u1/segments/{HASH}.mp4"


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize(
    "make",
    [
        lambda text: keys.company_asset(text, "logos", "a", "png"),
        lambda text: keys.company_asset("c", text, "a", "png"),
        lambda text: keys.company_asset("c", "logos", text, "png"),
        lambda text: keys.company_asset("c", "logos", "a", text),
        lambda text: keys.car_media("c", text, "v", folder="sounds", media="m", extension="mp3"),
        lambda text: keys.user_file(text, "avatars", "a", "png"),
        lambda text: keys.project_upload(text, "u", "png"),
        lambda text: keys.scene_asset("p", text, "images", "a", "png"),
        lambda text: keys.project_music("p", text, "mp3"),
        lambda text: keys.render_file("p", text, "video", "mp4"),
        lambda text: keys.segment("users", text, HASH),
        lambda text: keys.segment("users", "u", text),
    ],
)
def test_no_part_can_leave_its_place(make: Callable[[str], str], trap: str) -> None:
    with pytest.raises(KeyMalformed):
        make(trap)


@pytest.mark.parametrize(
    "key",
    ["", "/", "/a", "a/", "a//b", "a/../b", "..", "a/./b", "a\\b", "a\n", "ä", "a?b", "a/.part", "k" * 1025],
)
def test_what_cannot_be_a_key_is_refused(key: str) -> None:
    with pytest.raises(KeyMalformed):
        keys.checked(key)


@pytest.mark.parametrize("prefix", ["", "/", "projects/p1", "projects//", "../"])
def test_what_cannot_be_a_prefix_is_refused(prefix: str) -> None:
    with pytest.raises(KeyMalformed):
        keys.checked_prefix(prefix)


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=5))
def test_whatever_comes_in_a_key_is_refused_or_lies_in_its_folder(
    project: str, asset: str, extension: str
) -> None:
    try:
        key = keys.project_music(project, asset, extension)
    except KeyMalformed:
        return
    assert keys.checked(key) == key
    assert key.split("/") == ["projects", project, "music", f"{asset}.{extension}"]
    assert key.startswith(keys.checked_prefix(keys.project_prefix(project)))
