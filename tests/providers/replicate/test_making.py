"""What each capability asks of its model, and what comes of it."""

import io
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.line import Line, LineLimits, OwnGate
from providers.prices import PriceList
from providers.protocols.clip import LipSyncRequest
from providers.protocols.offer import Capability
from providers.protocols.picture import ImageEditRequest, ReferencePicture
from providers.protocols.prediction import Unwritten
from providers.protocols.sound import MusicRequest
from providers.replicate.client import ReplicateClient
from providers.replicate.files import Downloads
from providers.replicate.inputs import asked_of, aspect_ratio
from providers.replicate.models import KNOWN, models_of
from providers.replicate.options import ReplicateModel, ReplicateOptions
from providers.replicate.service import ReplicateService
from tests.providers.replicate.asks import CLIP, PICTURE, clip_maker, image_maker
from tests.providers.written_tab import WrittenTab
from tests.stand_ins.media import encoded, mask, moving_mp4, still, tone_mp3
from tests.stand_ins.replicate import ReplicateStandIn
from tests.stand_ins.server import Fault

SMALL_PICTURE = still(64, 64, 3, "PNG")


def asked(stand_in: ReplicateStandIn) -> Any:
    return stand_in.paid[-1].json()["input"]


async def test_picture_is_asked_for_in_the_models_words(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    made = await image_maker(service).make(PICTURE, Unwritten())
    assert asked(replicate) == {
        "prompt": "a lighthouse on a coast, film",
        "aspect_ratio": "9:16",
        "seed": made.seed,
        "num_outputs": 1,
        "output_format": "png",
    }
    assert made.seed == 5  # 2**40 + 5 is beyond what models take
    assert Image.open(io.BytesIO(made.data)).size == (made.width, made.height)
    assert made.mime_type == "image/png"
    assert replicate.paid[0].path == "/v1/models/black-forest-labs/flux-schnell/predictions"
    assert replicate.paid[0].headers["authorization"] == "Bearer r8_installation"


async def test_usage_has_price_seconds_and_the_predictions_id(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    picture = await image_maker(service).make(PICTURE, Unwritten())
    assert (picture.usage.cost_micros, picture.usage.images, picture.usage.seconds) == (3_000, 1, 3.5)
    assert picture.usage.provider_id in replicate.predictions
    assert picture.usage.is_priced
    clip = await clip_maker(service).animate(CLIP, Unwritten())
    assert (clip.usage.cost_micros, clip.usage.images, clip.usage.seconds) == (144_000, 0, 4)
    assert replicate.charged_s == [3.5, 4]
    assert clip_maker(service).offer.prices[0][1].per_second.as_tuple() == (0, (3, 6), -3)
    kontext = replace(PICTURE, model="black-forest-labs/flux-1.1-pro")
    assert "black-forest-labs/flux-1.1-pro" in image_maker(service).offer.models
    with pytest.raises(InvalidRequest, match="model"):  # the stand-in has not got that one
        await image_maker(service).make(kontext, Unwritten())


async def test_reference_pictures_choose_a_model_that_takes_them(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    assert image_maker(service).offer.takes_references
    reference = ReferencePicture(SMALL_PICTURE, "image/png", "Ada")
    made = await image_maker(service).make(replace(PICTURE, references=(reference,)), Unwritten())
    assert made.usage.model == "bytedance/seedream-4"
    assert not made.usage.is_priced
    assert made.seed is None  # it takes none
    assert [each[:22] for each in asked(replicate)["image_input"]] == ["data:image/png;base64,"]


async def test_clip_takes_the_next_longer_length_and_a_first_picture(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    made = await clip_maker(service).animate(replace(CLIP, first_image=SMALL_PICTURE), Unwritten())
    assert asked(replicate)["duration"] == 4
    assert asked(replicate)["image"].startswith("data:image/png;base64,")
    assert made.mime_type == "video/mp4"
    await clip_maker(service).animate(replace(CLIP, duration_s=60), Unwritten())
    assert asked(replicate)["duration"] == 12
    assert "image" not in asked(replicate)


@pytest.mark.parametrize("model", ["black-forest-labs/flux-schnell", "bytedance/seedream-4"])
async def test_picture_is_told_in_words_what_must_not_appear(
    service: ReplicateService, replicate: ReplicateStandIn, model: str
) -> None:
    request = replace(PICTURE, negative_prompt="text, cars", model=model)
    await image_maker(service).make(request, Unwritten())
    assert asked(replicate)["prompt"] == "a lighthouse on a coast, film\nNot in the picture: text, cars"


async def test_clip_is_told_in_words_what_must_not_appear(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    await clip_maker(service).animate(replace(CLIP, negative_prompt="ships"), Unwritten())
    assert asked(replicate)["prompt"] == "waves roll in\nNot in the picture: ships"
    wordless = replace(CLIP, prompt="", negative_prompt="ships", first_image=SMALL_PICTURE)
    await clip_maker(service).animate(wordless, Unwritten())
    assert asked(replicate)["prompt"] == "Not in the picture: ships"


def test_model_with_an_input_for_it_is_told_there_what_must_not_appear() -> None:
    said = {"prompt": "waves", "negative_prompt": "ships"}
    both = ReplicateModel("a/b", inputs={"prompt": "text", "negative_prompt": "avoid"})
    assert asked_of(both, said) == {"text": "waves", "avoid": "ships"}
    one = ReplicateModel("a/b", inputs={"prompt": "text"})
    assert asked_of(one, said) == {"text": "waves\nNot in the picture: ships"}
    assert asked_of(one, said | {"negative_prompt": " "}) == {"text": "waves"}


async def test_reference_pictures_go_with_clips_that_begin_with_words_alone(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    assert clip_maker(service).offer.takes_references
    people = tuple(ReferencePicture(still(64, 64, 10 + each, "PNG"), "image/png") for each in range(5))
    made = await clip_maker(service).animate(replace(CLIP, references=people), Unwritten())
    assert made.usage.model == "bytedance/seedance-1-lite"
    sent = [f"data:image/png;base64,{b64encode(each.data).decode()}" for each in people]
    assert asked(replicate)["reference_images"] == sent[:4]  # it takes no more
    both = replace(CLIP, references=people, first_image=SMALL_PICTURE)
    await clip_maker(service).animate(both, Unwritten())
    assert "reference_images" not in asked(replicate)
    assert asked(replicate)["image"].startswith("data:image/png;base64,")


async def test_large_files_are_laid_up_first(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    noise = Image.effect_noise((700, 700), 80)
    out = io.BytesIO()
    noise.save(out, "PNG")
    await clip_maker(service).animate(replace(CLIP, first_image=out.getvalue()), Unwritten())
    (file,) = replicate.files.values()
    assert file == (out.getvalue(), "image/png")
    assert asked(replicate)["image"] == f"{replicate.url}/v1/files/{next(iter(replicate.files))}"


async def test_edit_sends_the_picture(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    editor: Any = service.makers(None)[Capability.IMAGE_EDIT]
    request = ImageEditRequest(SMALL_PICTURE, "image/png", "make it night", 64, 64, seed=9)
    made = await editor.edit(request, Unwritten())
    assert asked(replicate)["prompt"] == "make it night"
    assert asked(replicate)["input_image"].startswith("data:image/png;base64,")
    assert made.usage.model == "black-forest-labs/flux-kontext-pro"
    both = replace(request, references=(ReferencePicture(SMALL_PICTURE, "image/png"),))
    made = await editor.edit(both, Unwritten())
    assert made.usage.model == "bytedance/seedream-4"
    assert len(asked(replicate)["image_input"]) == 2


async def test_mask_is_white_where_the_picture_may_change(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    editor: Any = service.makers(None)[Capability.IMAGE_EDIT]
    assert editor.offer.takes_masks
    assert editor.model_for_mask(None) == "black-forest-labs/flux-fill-pro"
    assert editor.model_for_mask("black-forest-labs/flux-fill-pro") == "black-forest-labs/flux-fill-pro"
    assert editor.model_for_mask("black-forest-labs/flux-kontext-pro") is None
    request = ImageEditRequest(SMALL_PICTURE, "image/png", "a lamp", 64, 64, mask=mask(64, 64))
    made = await editor.edit(request, Unwritten())
    assert made.usage.model == "black-forest-labs/flux-fill-pro"
    assert asked(replicate)["image"].startswith("data:image/png;base64,")
    sent = b64decode(asked(replicate)["mask"].partition(",")[2])
    with Image.open(io.BytesIO(sent)) as seen:
        assert (seen.mode, seen.size) == ("L", (64, 64))
        assert [seen.getpixel((x, 9)) for x in (0, 31, 32, 63)] == [0, 0, 255, 255]
    kontext = replace(request, model="black-forest-labs/flux-kontext-pro")
    with pytest.raises(InvalidRequest, match="mask"):
        await editor.edit(kontext, Unwritten())


async def test_music_is_described_in_words(service: ReplicateService, replicate: ReplicateStandIn) -> None:
    composer: Any = service.makers(None)[Capability.MUSIC]
    made = await composer.compose(
        MusicRequest("calm", 7.3, seed=4, tempo_bpm=90, prompt="piano"), Unwritten()
    )
    assert asked(replicate) == {
        "prompt": "piano, calm mood, instrumental, no vocals, 90 BPM",
        "duration": 8,
        "seed": 4,
    }
    assert made.mime_type == "audio/mpeg"
    assert not made.loopable
    await composer.compose(MusicRequest("calm", 900, seed=4), Unwritten())
    assert asked(replicate)["duration"] == 190


async def test_lips_of_a_still_and_of_a_clip_have_their_own_models(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    syncer: Any = service.makers(None)[Capability.LIP_SYNC]
    speech = tone_mp3(1.0)
    made = await syncer.sync(LipSyncRequest(SMALL_PICTURE, "image/png", speech, "audio/mpeg"), Unwritten())
    assert made.usage.model == "bytedance/omni-human"
    assert made.mime_type == "video/mp4"
    clip = moving_mp4(1, 64, 64)
    made = await syncer.sync(LipSyncRequest(clip, "video/mp4", speech, "audio/mpeg"), Unwritten())
    assert made.usage.model == "sync/lipsync-2"
    assert asked(replicate)["video"].startswith("data:video/mp4;base64,")


async def test_clip_decodes_and_moves(service: ReplicateService) -> None:
    made = await clip_maker(service).animate(replace(CLIP, duration_s=2), Unwritten())
    hashes = encoded("-i", "pipe:0", "-f", "framemd5", given=made.data, suffix=".txt").decode()
    assert "#dimensions 0: 180x320" in hashes
    assert len({line.split(",")[-1] for line in hashes.splitlines() if not line.startswith("#")}) == 24


async def test_operators_model_is_the_only_one(replicate: ReplicateStandIn) -> None:
    version = "a" * 64
    model = ReplicateModel(f"acme/painter:{version}", inputs={"prompt": "text"}, fixed={"steps": 4})
    options = ReplicateOptions(
        api_token="t", base_url=replicate.url, models={Capability.IMAGE: model}, poll_s=0.01
    )
    service = ReplicateService(options, PriceList(), OwnGate())
    try:
        assert image_maker(service).offer.models == ("acme/painter",)
        assert not image_maker(service).offer.takes_references
        await image_maker(service).make(PICTURE, Unwritten())
        (created,) = replicate.paid
        assert created.path == "/v1/predictions"
        assert created.json() == {
            "version": version,
            "input": {"steps": 4, "text": "a lighthouse on a coast, film"},
        }
        with pytest.raises(InvalidRequest, match="acme/painter"):
            await image_maker(service).make(replace(PICTURE, model="other/model"), Unwritten())
    finally:
        await service.close()


async def test_wrong_input_is_named_as_our_field(service: ReplicateService) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await image_maker(service).make(replace(PICTURE, full_prompt="", prompt=""), Unwritten())
    assert refusal.value.field == "prompt"


async def test_model_that_makes_no_file_is_not_asked_again(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    replicate.tell("/models/", Fault(told="text"))
    with pytest.raises(ProviderUnavailable, match="made no file") as refusal:
        await image_maker(service).make(PICTURE, Unwritten())
    assert not refusal.value.retryable


@pytest.mark.parametrize(
    ("width", "height", "nearest"),
    [(1080, 1920, "9:16"), (1920, 1080, "16:9"), (1000, 1010, "1:1"), (1080, 1350, "4:5")],
)
def test_nearest_proportions(width: int, height: int, nearest: str) -> None:
    assert aspect_ratio(width, height, KNOWN[Capability.IMAGE][0].aspect_ratios) == nearest


@pytest.mark.parametrize(
    "address",
    [
        "http://replicate.delivery/x",
        "https://replicate.delivery.evil.example/x",
        "https://evilreplicate.delivery/x",
        "https://user@169.254.169.254/replicate.delivery",
        "https://localhost/x",
        "http://127.0.0.1:1/x",
    ],
)
async def test_outputs_are_fetched_from_where_outputs_are_alone(
    replicate: ReplicateStandIn, address: str
) -> None:
    async with downloading(replicate) as downloads:
        with pytest.raises(ProviderUnavailable, match="unknown place") as refusal:
            await downloads.fetch(address, 100)
        assert not refusal.value.retryable


async def test_outputs_are_not_taken_at_any_size(replicate: ReplicateStandIn) -> None:
    replicate.outputs["/delivery/large"] = (bytes(1_000), "image/png")
    async with downloading(replicate) as downloads:
        assert len((await downloads.fetch(f"{replicate.url}/delivery/large", 1_000)).data) == 1_000
        with pytest.raises(ProviderUnavailable, match="more than 999 bytes"):
            await downloads.fetch(f"{replicate.url}/delivery/large", 999)


async def test_outputs_in_their_address_are_not_taken_at_any_size_either(replicate: ReplicateStandIn) -> None:
    address = f"data:image/png;base64,{b64encode(bytes(1_000)).decode()}"
    async with downloading(replicate) as downloads:
        assert len((await downloads.fetch(address, 1_000)).data) == 1_000
        with pytest.raises(ProviderUnavailable, match="more than 900 bytes"):
            await downloads.fetch(address, 900)
        with pytest.raises(ProviderUnavailable, match="no address"):
            await downloads.fetch("https://place:port/x", 100)


async def test_outputs_may_stand_in_their_address(replicate: ReplicateStandIn) -> None:
    address = f"data:text/plain;base64,{b64encode(SMALL_PICTURE).decode()}"
    async with downloading(replicate) as downloads:
        fetched = await downloads.fetch(address, 1_000)
        assert (fetched.data, fetched.mime_type) == (SMALL_PICTURE, "image/png")
        with pytest.raises(ProviderUnavailable, match="cannot be decoded"):
            await downloads.fetch("data:image/png;base64,***", 1_000)
    assert replicate.calls == []


@asynccontextmanager
async def downloading(replicate: ReplicateStandIn) -> AsyncIterator[Downloads]:
    line = Line("replicate", "", limits=LineLimits(), gate=OwnGate())
    client = ReplicateClient("t", replicate.url, line, timeout_s=5.0)
    downloads = Downloads(client)
    yield downloads
    await downloads.close()
    await client.close()


async def test_output_of_another_kind_is_refused(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    replicate.tell("/models/", Fault(told="sound"))
    with pytest.raises(ProviderUnavailable, match="made audio/mpeg, not image") as other:
        await image_maker(service).make(PICTURE, Unwritten())
    assert not other.value.retryable
    assert other.value.usage is not None


async def test_picture_that_cannot_be_read_is_fetched_again(
    service: ReplicateService, replicate: ReplicateStandIn
) -> None:
    tab = WrittenTab()
    head = SMALL_PICTURE[:16]
    replicate.tell("/delivery/", Fault(change=lambda _: head + bytes(40)))
    with pytest.raises(ProviderUnavailable, match="cannot be read") as broken:
        await image_maker(service).make(PICTURE, tab)
    assert broken.value.retryable
    await image_maker(service).make(PICTURE, tab)
    assert len(replicate.paid) == 1


def test_models_that_are_named_alone_have_their_known_inputs_or_the_least() -> None:
    named = {Capability.IMAGE: ReplicateModel("bytedance/seedream-4", fixed={"size": "4K"})}
    (known,) = models_of(Capability.IMAGE, ReplicateOptions(models=named))
    assert known.inputs["images"] == "image_input"
    assert known.fixed == {"size": "4K"}
    (other,) = models_of(Capability.CLIP, ReplicateOptions(models={Capability.CLIP: ReplicateModel("a/b")}))
    assert other.inputs == {"prompt": "prompt", "first_image": "image"}
