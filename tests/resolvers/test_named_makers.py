"""Providers, models, voices and languages that a project names: those that cannot be meant are refused."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import Job
from documents.projects.project import Project
from providers.desk import ProviderDesk
from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.line import OwnGate
from providers.local.service import LocalService
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import Price, PriceList
from providers.protocols.offer import Capability
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService
from providers.service import Service
from schema.ids import document_gid, tree_gid
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project

STYLE = """mutation($input: UpdateStyleInput!) { updateStyle(input: $input) {
  style { revision } userErrors { code field message } } }"""
BRIEF = """mutation($input: UpdateBriefInput!) { updateBrief(input: $input) {
  brief { revision } userErrors { code field message } } }"""
VOICEOVER = """mutation($input: UpdateVoiceoverInput!) { updateVoiceover(input: $input) {
  voiceover { id } userErrors { code field message } } }"""
PRODUCE = """mutation($input: StartProductionInput!) { startProduction(input: $input) {
  job { id } userErrors { code field message } } }"""
CREATE = """mutation($input: CreateProjectInput!) { createProject(input: $input) {
  project { id } userErrors { code field message } } }"""


@pytest.fixture(autouse=True)
def _providers(studio: Studio) -> Iterator[None]:
    """OpenAI and ElevenLabs with the installation's keys, Replicate without one."""
    usual, prices = studio.services, PriceList({"openai/priced": Price()})
    services: list[Service] = [
        LocalService(),
        OpenAiService(OpenAiOptions(api_key="sk-installation"), prices, OwnGate()),
        ElevenLabsService(ElevenLabsOptions(api_key="e-installation"), prices, OwnGate()),
        ReplicateService(ReplicateOptions(), prices, OwnGate()),
    ]
    choice = ProviderChoice(
        ProviderDesk(services, dict.fromkeys(Capability, "PROVIDERS")), Sealing({"s": "s" * 32})
    )
    studio.services = replace(usual, providers=choice)
    yield
    studio.services = usual


async def set_style(api: Api, studio: Studio, project: Project, **given: Any) -> list[tuple[str, str | None]]:
    given["projectId"] = document_gid("Project", project.id)
    answer = await api(studio.context(project.owner_id), STYLE, input=given)
    assert answer.codes == []
    stored = await Project.get(project.id)
    assert stored is not None
    assert (stored.style.revision > project.style.revision) is not bool(answer.user_codes)
    return answer.user_codes


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"writerProvider": "gone"}, "writerProvider"),
        ({"imageProvider": "elevenlabs"}, "imageProvider"),
        ({"clipProvider": "local"}, "clipProvider"),
        ({"soundEffectProvider": "openai"}, "soundEffectProvider"),
        ({"imageProvider": "local", "imageModel": "gpt-image-2"}, "imageModel"),
        ({"musicModel": "stable-audio"}, "musicModel"),
        ({"writerProvider": "openai", "writerModel": "neither-set-up-nor-priced"}, "writerModel"),
        ({"voice": "alloy"}, "voice"),
        ({"speechProvider": "openai", "voice": "en-gb"}, "voice"),
    ],
)
async def test_names_that_cannot_be_meant_are_refused(
    api: Api, studio: Studio, given: dict[str, Any], at: str
) -> None:
    project = await make_project(studio.context())
    assert await set_style(api, studio, project, **given) == [("INVALID", f"input.{at}")]
    new = await api(studio.context(), CREATE, input={"title": "Bees", "style": given})
    assert new.user_codes == [("INVALID", f"input.style.{at}")]


@pytest.mark.parametrize(
    "given",
    [
        {"voice": "en-gb"},
        {"speechProvider": "openai", "voice": "alloy"},
        {"speechProvider": "elevenlabs", "voice": "ofMyOwn123", "speechModel": "eleven_flash_v2_5"},
        {"clipProvider": "replicate", "clipModel": "somebody/something"},
        {"writerProvider": "openai", "writerModel": "priced"},
        {"writerProvider": None, "writerModel": None, "voice": None},
    ],
)
async def test_what_may_be_meant_is_taken(api: Api, studio: Studio, given: dict[str, Any]) -> None:
    project = await make_project(studio.context())
    assert await set_style(api, studio, project, **given) == []


async def test_a_voice_is_looked_for_at_the_provider_that_is_chosen_already(api: Api, studio: Studio) -> None:
    project = await make_project(studio.context())
    assert await set_style(api, studio, project, speechProvider="openai") == []
    changed = await Project.get(project.id)
    assert changed is not None
    assert await set_style(api, studio, changed, voice="en-gb") == [("INVALID", "input.voice")]
    assert await set_style(api, studio, changed, voice="nova") == []


async def test_a_refusal_says_what_there_is(api: Api, studio: Studio) -> None:
    project = await make_project(studio.context())
    given = {"projectId": document_gid("Project", project.id), "imageProvider": "gone", "voice": "alloy"}
    answer = await api(studio.context(project.owner_id), STYLE, input=given)
    image, voice = (error["message"] for error in answer.payload["userErrors"])
    assert image.endswith("there are: local, openai, replicate.")
    assert voice.startswith("local has no voice 'alloy'; it has ")


async def test_a_frames_voice_is_looked_for_at_its_own_provider(api: Api, studio: Studio) -> None:
    project = await make_project(studio.context(), frames=[make_frame()])
    (frame,) = project.script.scenes[0].frames
    owner = studio.context(project.owner_id)
    given = {"voiceoverId": tree_gid("Voiceover", project.id, frame.voiceover.id)}
    for values, codes in (
        ({"voice": "alloy"}, [("INVALID", "input.voice")]),
        ({"provider": "gone"}, [("INVALID", "input.provider")]),
        ({"provider": "openai"}, []),
        ({"voice": "alloy"}, []),
        ({"voice": None, "provider": None}, []),
    ):
        assert (await api(owner, VOICEOVER, input=given | values)).user_codes == codes


async def test_a_language_that_nobody_speaks_is_refused(api: Api, studio: Studio) -> None:
    project = await make_project(studio.context())
    owner = studio.context(project.owner_id)
    given = {"projectId": document_gid("Project", project.id)}
    for language, codes in (
        ("qq", [("INVALID", "input.language")]),
        ("yo", []),  # the local voice is silent, and captions show the words
        ("fil", []),
        ("pt-BR", []),
    ):
        assert (await api(owner, BRIEF, input=given | {"language": language})).user_codes == codes
    assert await set_style(api, studio, project, speechProvider="elevenlabs") == []
    answer = await api(owner, BRIEF, input=given | {"language": "yo"})
    assert answer.user_codes == [("INVALID", "input.language")]
    assert "elevenlabs does not speak yo; it speaks en, ja" in answer.payload["userErrors"][0]["message"]
    stored = await Project.get(project.id)
    assert stored is not None
    assert stored.brief.language == "pt-BR"


async def test_a_speaker_is_refused_who_does_not_speak_the_projects_language(
    api: Api, studio: Studio
) -> None:
    project = await make_project(studio.context())
    project.brief.language = "yo"
    await project.replace()
    refused = [("INVALID", "input.speechProvider")]
    assert await set_style(api, studio, project, speechProvider="elevenlabs") == refused
    # Of a model that was not listed nobody knows what it speaks.
    quick = {"speechProvider": "elevenlabs", "speechModel": "eleven_flash_v2_5"}
    assert await set_style(api, studio, project, **quick) == []


async def test_a_production_with_a_model_that_nobody_here_pays_for_does_not_begin(
    api: Api, studio: Studio
) -> None:
    project = await make_project(studio.context(), frames=[make_frame()])
    project.style.image_provider, project.style.image_model = "openai", "neither-set-up-nor-priced"
    await project.replace()
    given = {"projectId": document_gid("Project", project.id)}
    answer = await api(studio.context(project.owner_id), PRODUCE, input=given)
    assert answer.user_codes == [("UNSUPPORTED", None)]
    assert await Job.find({"project_id": project.id}).count() == 0


SHOW = """mutation($input: CreateShowInput!) { createShow(input: $input) {
  show { id } userErrors { code field message } } }"""
CHANGE_SHOW = """mutation($input: UpdateShowInput!) { updateShow(input: $input) {
  show { id } userErrors { code field message } } }"""
CHARACTER = """mutation($input: CreateCharacterInput!) { createCharacter(input: $input) {
  character { id } userErrors { code field message } } }"""
CHANGE_CHARACTER = """mutation($input: UpdateCharacterInput!) { updateCharacter(input: $input) {
  character { id } userErrors { code field message } } }"""


async def test_a_shows_voice_is_one_of_its_speaker(api: Api, studio: Studio) -> None:
    owner = studio.context()
    for values, codes in (
        ({"voice": "alloy"}, [("INVALID", "input.voice")]),
        ({"speechProvider": "gone"}, [("INVALID", "input.speechProvider")]),
        ({"speechProvider": "openai", "voice": "alloy"}, []),
    ):
        made = await api(owner, SHOW, input={"name": "Bees", **values})
        assert made.user_codes == codes
    gid = made.payload["show"]["id"]
    for voice, codes in (("en-gb", [("INVALID", "input.voice")]), ("nova", [])):
        assert (await api(owner, CHANGE_SHOW, input={"showId": gid, "voice": voice})).user_codes == codes


async def test_a_characters_voice_is_one_of_the_speaker_that_it_names(api: Api, studio: Studio) -> None:
    owner = studio.context()
    for voice, codes in (
        ({"provider": "gone", "voice": "a"}, [("INVALID", "input.voice.provider")]),
        ({"provider": "openai", "voice": "en-gb"}, [("INVALID", "input.voice.voice")]),
        ({"provider": "elevenlabs", "voice": "ofMyOwn123"}, []),
        ({"voice": "whoeverSpeaks"}, []),
    ):
        made = await api(owner, CHARACTER, input={"name": "Ada", "voice": voice})
        assert made.user_codes == codes
    gid = made.payload["character"]["id"]
    given = {"characterId": gid, "voice": {"provider": "openai", "voice": "en-gb"}}
    assert (await api(owner, CHANGE_CHARACTER, input=given)).user_codes == [("INVALID", "input.voice.voice")]
