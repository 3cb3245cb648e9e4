"""Which kind of job asks for which kind of work."""

from typing import Final

from documents.jobs.job import JobKind
from providers.protocols.offer import Capability

CAPABILITY_OF: Final = {
    JobKind.SCRIPT: Capability.SCRIPT,
    JobKind.SCRIPT_ANALYSIS: Capability.ANALYSIS,
    JobKind.CHARACTER_ANALYSIS: Capability.CHARACTER,
    JobKind.CHARACTER_IMAGE: Capability.IMAGE,
    JobKind.REWRITE: Capability.REWRITE,
    JobKind.PROMPT: Capability.PROMPT,
    JobKind.METADATA: Capability.METADATA,
    JobKind.MUSIC_WORDS: Capability.MUSIC_WORDS,
    JobKind.TRANSLATION: Capability.TRANSLATION,
    JobKind.CHAT_REPLY: Capability.CHAT,
    JobKind.WEEKLY_PLAN: Capability.PLAN,
    JobKind.IMAGE: Capability.IMAGE,
    JobKind.IMAGE_EDIT: Capability.IMAGE_EDIT,
    JobKind.VOICEOVER: Capability.SPEECH,
    JobKind.SOUND_EFFECT: Capability.SOUND_EFFECT,
    JobKind.VOICE_PREVIEW: Capability.SPEECH,
    JobKind.MUSIC: Capability.MUSIC,
    JobKind.CLIP: Capability.CLIP,
    JobKind.LIP_SYNC: Capability.LIP_SYNC,
}
