"""Which handler does which kind of job."""

from collections.abc import Awaitable, Callable, Mapping

from documents.jobs.job import Job, JobKind
from tasks.buying.call_off import call_off
from tasks.buying.estimate import Estimator
from tasks.data_export import export_data
from tasks.job_engine.announce import Announcer
from tasks.job_engine.work import Done, Handler, Report
from tasks.letters.account_mail import send_account_mail
from tasks.letters.mail import send_mail
from tasks.making.character_image import draw_character
from tasks.making.clip import make_clip
from tasks.making.clip_still import extract_seed_frame
from tasks.making.image import draw_image
from tasks.making.image_edit import edit_image
from tasks.making.lip_sync import sync_lips
from tasks.making.music import compose_music
from tasks.making.sound_effect import make_sound_effect
from tasks.making.voice_preview import speak_preview
from tasks.making.voiceover import speak_voiceover
from tasks.productions.production import ProductionWork
from tasks.rendering.plans import PlanShelf
from tasks.rendering.render import RenderWork
from tasks.rendering.segment import SegmentWork
from tasks.rendering.source_shelf import SourceShelf
from tasks.uploads.upload_check import check_upload
from tasks.workshop import Workshop
from tasks.writing.character_analysis import analyse_character
from tasks.writing.chat import ChatWork
from tasks.writing.metadata import describe_video
from tasks.writing.music_words import suggest_music
from tasks.writing.prompt import optimise_prompt
from tasks.writing.rewrite import rewrite
from tasks.writing.script import write_script
from tasks.writing.script_analysis import analyse_script
from tasks.writing.translation import translate_project
from tasks.writing.weekly_plan import make_weekly_plan


def make_handlers(shop: Workshop, sources: SourceShelf, announcer: Announcer) -> Mapping[JobKind, Handler]:
    """The handlers of a worker."""
    plans = PlanShelf(sources)

    def with_shop(work: Callable[[Workshop, Job, Report], Awaitable[Done]]) -> Handler:
        return lambda job, report: work(shop, job, report)

    return {
        JobKind.PRODUCTION: ProductionWork(shop, Estimator(shop.now)),
        JobKind.SCRIPT: with_shop(write_script),
        JobKind.IMAGE: with_shop(draw_image),
        JobKind.IMAGE_EDIT: with_shop(edit_image),
        JobKind.CLIP: with_shop(make_clip),
        JobKind.SEED_FRAME: with_shop(extract_seed_frame),
        JobKind.SOUND_EFFECT: with_shop(make_sound_effect),
        JobKind.LIP_SYNC: with_shop(sync_lips),
        JobKind.VOICEOVER: with_shop(speak_voiceover),
        JobKind.VOICE_PREVIEW: with_shop(speak_preview),
        JobKind.MUSIC: with_shop(compose_music),
        JobKind.CHAT_REPLY: ChatWork(shop, announcer),
        JobKind.WEEKLY_PLAN: with_shop(make_weekly_plan),
        JobKind.RENDER: RenderWork(shop, sources, plans),
        JobKind.SEGMENT: SegmentWork(shop, sources, plans),
        JobKind.UPLOAD_CHECK: with_shop(check_upload),
        JobKind.SCRIPT_ANALYSIS: with_shop(analyse_script),
        JobKind.CHARACTER_ANALYSIS: with_shop(analyse_character),
        JobKind.CHARACTER_IMAGE: with_shop(draw_character),
        JobKind.REWRITE: with_shop(rewrite),
        JobKind.PROMPT: with_shop(optimise_prompt),
        JobKind.METADATA: with_shop(describe_video),
        JobKind.MUSIC_WORDS: with_shop(suggest_music),
        JobKind.TRANSLATION: with_shop(translate_project),
        JobKind.CALL_OFF: with_shop(call_off),
        JobKind.MAIL: with_shop(send_mail),
        JobKind.ACCOUNT_MAIL: with_shop(send_account_mail),
        JobKind.DATA_EXPORT: with_shop(export_data),
    }
