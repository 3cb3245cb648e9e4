import base64
import json
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from providers.errors import ContentRefused, InvalidRequest, ProviderUnavailable
from providers.openai import picture_answer
from providers.openai.picture_sizes import MOST_PIXELS, STANDARD, any_size, standard_size
from providers.protocols.offer import Capability
from providers.protocols.picture import ImageEditRequest, ReferencePicture
from providers.protocols.prediction import Unwritten
from tests.providers.openai.conftest import Maker, Makers
from tests.providers.openai.picture_request import picture_request
from tests.stand_ins.media import mask, still
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.openai_chat import call_id
from tests.stand_ins.openai_refusals import Lack
from tests.stand_ins.server import Call, Fault

ANNA = ReferencePicture(still(64, 64, 1, "PNG"), "image/png", "Anna, short grey hair")
BO = ReferencePicture(still(64, 64, 2, "JPEG"), "image/jpeg")


def form(call: Call) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for part in call.parts():
        found.setdefault(part.name, []).append(part.data)
    return found


async def test_a_picture_is_what_was_sent(maker: Maker, stand_in: OpenAiStandIn) -> None:
    made = await maker(Capability.IMAGE).make(picture_request(full_prompt="All of it."), Unwritten())
    with Image.open(BytesIO(made.data)) as image:
        assert image.size == (made.width, made.height) == (768, 1344)
    assert (made.mime_type, made.seed, made.usage.images) == ("image/png", None, 1)
    assert made.usage.output_tokens == 768 * 1344 // 1024
    assert made.usage.provider_id == call_id(stand_in.calls[0])
    body = stand_in.calls[0].json()
    assert body == {
        "model": "gpt-image-2",
        "prompt": "All of it.",
        "n": 1,
        "size": "768x1344",
        "output_format": "png",
    }


async def test_what_must_not_appear_is_told_behind_the_full_prompt(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    request = picture_request(full_prompt="All of it.", negative_prompt="people, text")
    await maker(Capability.IMAGE).make(request, Unwritten())
    told = stand_in.calls[0].json()["prompt"]
    assert told == "All of it.\nNot in the picture: people, text"


async def test_without_a_full_prompt_its_parts_are_told(maker: Maker, stand_in: OpenAiStandIn) -> None:
    request = picture_request(
        negative_prompt="people", style="ink", scene_prompt="a coast", palette=("#112233",)
    )
    await maker(Capability.IMAGE).make(request, Unwritten())
    assert stand_in.calls[0].json()["prompt"].splitlines() == [
        "a lighthouse",
        "a coast",
        "Style: ink",
        "Colours: #112233",
        "Not in the picture: people",
    ]


async def test_a_character_is_drawn_after_reference_pictures(maker: Maker, stand_in: OpenAiStandIn) -> None:
    drawer = maker(Capability.IMAGE)
    assert drawer.offer.takes_references
    await drawer.make(picture_request(references=(ANNA, BO)), Unwritten())
    call = stand_in.calls[0]
    told = form(call)
    assert call.path == "/v1/images/edits"
    assert told["image[]"] == [ANNA.data, BO.data]
    prompt = told["prompt"][0].decode()
    assert prompt.startswith("a lighthouse\n\n")
    assert "looks the same" in prompt
    assert prompt.endswith("Picture 1: Anna, short grey hair")


async def test_a_server_that_does_not_edit_leaves_references_aside(
    makers: Makers, stand_in: OpenAiStandIn
) -> None:
    drawer = makers.compatible(Capability.IMAGE)
    assert not drawer.offer.takes_references
    await drawer.make(picture_request(references=(ANNA,)), Unwritten())
    assert stand_in.calls[0].path == "/v1/images/generations"


async def test_a_picture_is_changed_within_its_mask(maker: Maker, stand_in: OpenAiStandIn) -> None:
    shape = mask(64, 64)
    made = await maker(Capability.IMAGE_EDIT).edit(
        ImageEditRequest(ANNA.data, "image/png", "make it night", 1024, 1024, mask=shape, references=(BO,)),
        Unwritten(),
    )
    assert (made.width, made.height) == (1024, 1024)
    told = form(stand_in.calls[0])
    assert told["image[]"] == [ANNA.data, BO.data]
    assert told["mask"] == [shape]
    assert b"make it night" in told["prompt"][0]


async def test_a_masked_picture_is_of_the_masks_format(maker: Maker, stand_in: OpenAiStandIn) -> None:
    editor = maker(Capability.IMAGE_EDIT)
    assert editor.offer.takes_masks
    assert [editor.model_for_mask(each) for each in (None, "gpt-image-1.5")] == [
        "gpt-image-2",
        "gpt-image-1.5",
    ]
    request = ImageEditRequest(BO.data, "image/jpeg", "make it night", 1024, 1024, mask=mask(64, 64))
    await editor.edit(request, Unwritten())
    (sent,) = form(stand_in.calls[0])["image[]"]
    with Image.open(BytesIO(sent)) as picture, Image.open(BytesIO(BO.data)) as given:
        assert (picture.format, picture.size) == ("PNG", (64, 64))
        assert picture.getpixel((9, 9)) == given.getpixel((9, 9))
    await editor.edit(replace(request, mask=None), Unwritten())
    assert form(stand_in.calls[1])["image[]"] == [BO.data]


async def test_a_refusal_says_why(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.tell("/images", Fault(told="refuse"))
    with pytest.raises(ContentRefused, match="safety system"):
        await maker(Capability.IMAGE).make(picture_request(), Unwritten())


async def test_nothing_to_be_seen_costs_nothing(maker: Maker, stand_in: OpenAiStandIn) -> None:
    with pytest.raises(InvalidRequest):
        await maker(Capability.IMAGE).make(picture_request(prompt=" ", negative_prompt="people"), Unwritten())
    with pytest.raises(InvalidRequest):
        await maker(Capability.IMAGE_EDIT).edit(ImageEditRequest(b"x", "image/png", " ", 64, 64), Unwritten())
    assert not stand_in.calls


async def test_a_picture_behind_an_address_is_fetched_without_the_key(
    makers: Makers, stand_in: OpenAiStandIn
) -> None:
    made = await makers.compatible(Capability.IMAGE, Lack.BASE64).make(picture_request(), Unwritten())
    assert (made.width, made.height) == (768, 1344)
    fetched = stand_in.calls[-1]
    assert fetched.path.startswith("/pictures/")
    assert fetched.key == ""


async def test_a_picture_that_is_too_large_is_not_taken(
    makers: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_answer, "MAX_BYTES", 100)
    with pytest.raises(ProviderUnavailable, match="more than 100 bytes"):
        await makers.compatible(Capability.IMAGE, Lack.BASE64).make(picture_request(), Unwritten())


@pytest.mark.parametrize(
    "entry",
    [
        {"url": "http://169.254.169.254/latest/meta-data"},
        {"url": "file:///etc/passwd"},
        {"b64_json": "%%%"},
        {"b64_json": base64.b64encode(b"<svg/>").decode()},
        {},
    ],
    ids=["another-host", "a-file", "no-base64", "no-picture", "nothing"],
)
async def test_an_answer_that_is_no_picture_is_not_taken(
    maker: Maker, stand_in: OpenAiStandIn, entry: dict[str, str]
) -> None:
    body = json.dumps({"created": 1, "data": [entry]}).encode()
    stand_in.tell("/images", Fault(change=lambda _: body))
    with pytest.raises(ProviderUnavailable) as caught:
        await maker(Capability.IMAGE).make(picture_request(), Unwritten())
    assert caught.value.usage is not None
    assert caught.value.usage.images == 1, "it was charged"
    assert len(stand_in.calls) == 1


@settings(deadline=None)
@given(st.integers(16, 8_000), st.integers(16, 8_000))
def test_sizes_are_on_the_grid_and_keep_their_shape(width: int, height: int) -> None:
    made_width, made_height = any_size(width, height)
    assert made_width % 16 == made_height % 16 == 0
    assert 1 / 3 <= made_width / made_height <= 3
    assert made_width * made_height <= MOST_PIXELS
    ratio = min(3.0, max(1 / 3, width / height))
    assert made_width / made_height == pytest.approx(ratio, rel=0.07)


@pytest.mark.parametrize(
    ("asked", "made"),
    [((1080, 1920), (1024, 1536)), ((1920, 1080), (1536, 1024)), ((1000, 900), (1024, 1024))],
)
def test_the_nearest_usual_shape_is_taken(asked: tuple[int, int], made: tuple[int, int]) -> None:
    assert standard_size(*asked) == made
    assert made in STANDARD
