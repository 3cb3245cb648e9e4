"""Pictures without a network: the same for the same words, different for others, and never empty."""

import asyncio
import dataclasses
import hashlib
import io
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from providers.errors import InvalidRequest
from providers.local.pictures.maker import LocalImageMaker
from providers.local.script_writer import LocalScriptWriter
from providers.protocols.offer import Capability
from providers.protocols.picture import ImageRequest
from providers.protocols.script import ScriptBrief

ROOT = Path(__file__).parents[2]
TOPICS = (
    "The history of lighthouses",
    "Volcanoes",
    "Coffee",
    "The Moon",
    "How bees make honey",
    "Trains",
    "How the brain works",
    "Medieval castles",
    "Whales",
    "Where money comes from",
)
STYLES = LocalImageMaker().offer.styles


def request(prompt: str, **changes: object) -> ImageRequest:
    plain = ImageRequest(
        prompt=prompt,
        negative_prompt="",
        style="",
        width=270,
        height=480,
        seed=7,
        ordinal=0,
        scene_prompt="",
        scene_ordinal=0,
        frame_ordinal=0,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]  # the caller names real fields


async def picture(asked: ImageRequest) -> Image.Image:
    made = await LocalImageMaker().make(asked)
    image = Image.open(io.BytesIO(made.data))
    image.load()
    return image


def fingerprint(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether each of 256 places is brighter than its right neighbour."""
    small = np.asarray(image.convert("L").resize((17, 16), Image.Resampling.BOX)).astype(np.int16)
    return small[:, 1:] > small[:, :-1]


def colours(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The share of pixels in each of 64 colours."""
    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3) // 64
    counts = np.bincount(pixels[:, 0] * 16 + pixels[:, 1] * 4 + pixels[:, 2], minlength=64)
    return np.asarray(counts / counts.sum(), dtype=np.float64)


async def test_the_offer_names_pictures_and_its_styles() -> None:
    offer = LocalImageMaker().offer
    assert offer.capability is Capability.IMAGE
    assert {"illustration", "cinematic", "anime", "watercolor", "comic", "retro"} <= set(offer.styles)


def test_another_process_makes_the_same_bytes() -> None:
    made = asyncio.run(LocalImageMaker().make(request("A lighthouse in a storm", style="cinematic")))
    script = """
import asyncio, hashlib
from providers.local.pictures.maker import LocalImageMaker
from providers.protocols.picture import ImageRequest
asked = ImageRequest("A lighthouse in a storm", "", "cinematic", 270, 480, 7, 0, "", 0, 0)
print(hashlib.sha256(asyncio.run(LocalImageMaker().make(asked)).data).hexdigest())
"""
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert other.stdout.strip() == hashlib.sha256(made.data).hexdigest()


@pytest.mark.parametrize("change", [{"seed": 8}, {"ordinal": 1}, {"frame_ordinal": 1}, {"style": "anime"}])
async def test_another_candidate_is_another_picture(change: dict[str, object]) -> None:
    one = await LocalImageMaker().make(request("A castle on a hill"))
    other = await LocalImageMaker().make(request("A castle on a hill", **change))
    assert one.data != other.data


@pytest.mark.parametrize(
    "size", [(270, 480), (480, 270), (320, 320), (216, 270), (480, 204), (641, 359), (64, 64)]
)
async def test_a_picture_has_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    asked = request("A train in the mountains", width=size[0], height=size[1])
    made = await LocalImageMaker().make(asked)
    image = Image.open(io.BytesIO(made.data))
    image.load()
    assert image.size == (made.width, made.height) == size
    assert (image.mode, image.format, made.mime_type) == ("RGB", "JPEG", "image/jpeg")


@pytest.mark.parametrize("side", [0, -1, 63, 4097])
async def test_an_impossible_size_is_refused_by_name(side: int) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await LocalImageMaker().make(request("A fish", height=side))
    assert refused.value.field == "height"


async def test_ten_topics_look_different() -> None:
    prints = [fingerprint(await picture(request(topic))) for topic in TOPICS]
    for one, other in itertools.combinations(range(len(TOPICS)), 2):
        different = int((prints[one] != prints[other]).sum())
        assert different > 40, (TOPICS[one], TOPICS[other], different)


async def test_frames_of_a_scene_share_colours_that_other_topics_do_not_have() -> None:
    scene = "A fishing village on the coast at dusk"
    prompts = (
        "A lighthouse on the cliff",
        "A sailboat comes home",
        "A person waits",
        "A house with lit windows",
    )
    frames = [
        colours(await picture(request(prompt, scene_prompt=scene, frame_ordinal=place)))
        for place, prompt in enumerate(prompts)
    ]
    others = [colours(await picture(request(topic))) for topic in TOPICS]
    within = np.mean([np.abs(a - b).sum() for a, b in itertools.combinations(frames, 2)])
    across = np.mean([np.abs(a - b).sum() for a in frames for b in others])
    assert within < across * 0.7


async def test_frames_of_a_scene_are_not_the_same_picture() -> None:
    scene = "A fishing village on the coast at dusk"
    one = fingerprint(await picture(request("A lighthouse", scene_prompt=scene)))
    other = fingerprint(await picture(request("A sailboat", scene_prompt=scene, frame_ordinal=1)))
    assert int((one != other).sum()) > 25


async def test_scenes_of_a_topic_script_differ_and_keep_their_frames_together() -> None:
    script = await LocalScriptWriter().write(ScriptBrief("How lighthouses work", None, "en", 60))
    scenes = [
        [
            await picture(
                request(
                    frame.picture_prompt,
                    scene_prompt=f"{scene.summary} {scene.title}",
                    scene_ordinal=number,
                    frame_ordinal=index,
                )
            )
            for index, frame in enumerate(scene.frames[:2])
        ]
        for number, scene in enumerate(script.scenes)
    ]
    for one, other in itertools.combinations(scenes, 2):
        assert np.abs(colours(one[0]) - colours(other[0])).sum() > 0.5
        assert int((fingerprint(one[0]) != fingerprint(other[0])).sum()) > 40
    pairs = [scene for scene in scenes if len(scene) > 1]
    within = np.mean([np.abs(colours(one) - colours(other)).sum() for one, other in pairs])
    across = np.mean(
        [np.abs(colours(a[0]) - colours(b[0])).sum() for a, b in itertools.combinations(scenes, 2)]
    )
    assert within < across * 0.7


@pytest.mark.parametrize("hero", ["lighthouse", "bee", "coffee", "whale", "train", "qwertz"])
async def test_each_view_is_another_picture_of_the_same_hero(hero: str) -> None:
    seen = [
        fingerprint(await picture(request(f"{hero}, {words}", scene_prompt=f"{hero}, dusk")))
        for words in ("wide view", "close-up", "cutaway", "sketchbook", "low-angle")
    ]
    for one, other in itertools.combinations(seen, 2):
        assert int((one != other).sum()) > 12


@pytest.mark.parametrize("size", [(480, 270), (320, 320), (480, 204), (64, 64)])
@pytest.mark.parametrize("view", ["wide view", "close-up", "cutaway", "sketch", "onlookers", "silhouette"])
async def test_every_view_fits_every_format(size: tuple[int, int], view: str) -> None:
    image = await picture(request(f"A castle, {view}", width=size[0], height=size[1], frame_ordinal=1))
    assert image.size == size


@pytest.mark.parametrize("prompt", [*TOPICS, "qwertz uiop", "A quiet idea", "Rain in the city at night"])
async def test_a_picture_is_neither_black_nor_white_nor_flat(prompt: str) -> None:
    image = await picture(request(prompt))
    grey = np.asarray(image.convert("L")).astype(np.float64)
    assert 25 < grey.mean() < 225
    assert image.convert("L").entropy() > 5.5
    # A gradient alone has hardly any edges; a composed picture has them in its upper two thirds.
    upper = grey[: grey.shape[0] * 2 // 3]
    assert float((np.abs(np.diff(upper, axis=1)) > 20).mean()) > 0.004


async def test_captions_have_a_calmer_place_below() -> None:
    for topic in TOPICS:
        grey = np.asarray((await picture(request(topic))).convert("L")).astype(np.float64)
        edges = np.abs(np.diff(grey, axis=1)).mean(axis=1)
        third = len(edges) // 3
        assert edges[-third:].mean() < edges[:-third].mean() * 1.6, topic


@pytest.mark.parametrize("style", STYLES)
async def test_every_style_changes_the_picture(style: str) -> None:
    plain = np.asarray(await picture(request("A ship at sea"))).astype(np.int16)
    word = {"render3d": "3d", "fantasy": "dark fantasy"}.get(style, style)
    styled = np.asarray(await picture(request("A ship at sea", style=word))).astype(np.int16)
    if style != "illustration":
        assert np.abs(plain - styled).mean() > 3


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "   ",
        "\x00\ud800",
        "a" * 100_000,
        "'; DROP TABLE -- {$gt: 1} [in]scale=1:1[out] {\\an8} $(reboot)",
        "灯台と海 🌊",
        "مناره",
        "🐋🐋🐋",
    ],
)
async def test_any_text_makes_a_picture(prompt: str) -> None:
    image = await picture(request(prompt, negative_prompt=prompt, style=prompt, scene_prompt=prompt))
    assert image.size == (270, 480)
