"""Who does what for one person: makers by capability and provider's name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar, cast

from providers.errors import CapabilityUnsupported
from providers.protocols.analysis import CharacterAnalyst, PromptWriter, ScriptAnalyst
from providers.protocols.chat import Converser, Planner
from providers.protocols.clip import ClipMaker, LipSyncer
from providers.protocols.music_words import MusicAdviser
from providers.protocols.offer import Capability, Offer, Provides
from providers.protocols.picture import ImageEditor, ImageMaker
from providers.protocols.publishing import MetadataWriter
from providers.protocols.script import Rewriter, ScriptWriter
from providers.protocols.sound import Composer, SoundMaker
from providers.protocols.speech import Speaker, Transcriber
from providers.protocols.translation import Translator

MakerT = TypeVar("MakerT", bound=Provides)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRegistry:
    """The makers of each capability by provider's name; the first available one is the default.

    `settings` names, for each capability, the setting that an operator changes to provide it; it stands in
    the refusal when nobody does. `refusals` are offers of what a provider that is set up cannot do, listed
    beside the rest so that a client can show why.
    """

    settings: Mapping[Capability, str]
    makers: Mapping[Capability, Mapping[str, Provides]] = field(default_factory=lambda: MappingProxyType({}))
    refusals: tuple[Offer, ...] = ()

    def script_writer(self, name: str | None = None) -> ScriptWriter:
        """The writer of that name, or the default one. Raises CapabilityUnsupported, as all of these do."""
        return self._chosen(Capability.SCRIPT, name)

    def rewriter(self, name: str | None = None) -> Rewriter:
        """The rewriter of that name, or the default one."""
        return self._chosen(Capability.REWRITE, name)

    def script_analyst(self, name: str | None = None) -> ScriptAnalyst:
        """The reader of scripts of that name, or the default one."""
        return self._chosen(Capability.ANALYSIS, name)

    def character_analyst(self, name: str | None = None) -> CharacterAnalyst:
        """The describer of characters of that name, or the default one."""
        return self._chosen(Capability.CHARACTER, name)

    def prompt_writer(self, name: str | None = None) -> PromptWriter:
        """The writer of picture prompts of that name, or the default one."""
        return self._chosen(Capability.PROMPT, name)

    def metadata_writer(self, name: str | None = None) -> MetadataWriter:
        """The writer of publishing texts of that name, or the default one."""
        return self._chosen(Capability.METADATA, name)

    def music_adviser(self, name: str | None = None) -> MusicAdviser:
        """Who finds words for the music, by name, or the default one."""
        return self._chosen(Capability.MUSIC_WORDS, name)

    def translator(self, name: str | None = None) -> Translator:
        """The translator of that name, or the default one."""
        return self._chosen(Capability.TRANSLATION, name)

    def converser(self, name: str | None = None) -> Converser:
        """Who talks as a persona, by name, or the default one."""
        return self._chosen(Capability.CHAT, name)

    def planner(self, name: str | None = None) -> Planner:
        """The planner of that name, or the default one."""
        return self._chosen(Capability.PLAN, name)

    def image_maker(self, name: str | None = None) -> ImageMaker:
        """The maker of stills of that name, or the default one."""
        return self._chosen(Capability.IMAGE, name)

    def image_editor(self, name: str | None = None) -> ImageEditor:
        """The editor of stills of that name, or the default one."""
        return self._chosen(Capability.IMAGE_EDIT, name)

    def speaker(self, name: str | None = None) -> Speaker:
        """The speaker of that name, or the default one."""
        return self._chosen(Capability.SPEECH, name)

    def transcriber(self, name: str | None = None) -> Transcriber:
        """The transcriber of that name, or the default one."""
        return self._chosen(Capability.TRANSCRIPTION, name)

    def sound_maker(self, name: str | None = None) -> SoundMaker:
        """The maker of sound effects of that name, or the default one."""
        return self._chosen(Capability.SOUND_EFFECT, name)

    def composer(self, name: str | None = None) -> Composer:
        """The composer of that name, or the default one."""
        return self._chosen(Capability.MUSIC, name)

    def clip_maker(self, name: str | None = None) -> ClipMaker:
        """The maker of moving pictures of that name, or the default one."""
        return self._chosen(Capability.CLIP, name)

    def lip_syncer(self, name: str | None = None) -> LipSyncer:
        """The lip-syncer of that name, or the default one."""
        return self._chosen(Capability.LIP_SYNC, name)

    def offer(self, capability: Capability, name: str | None = None) -> Offer:
        """What the provider of that name, or the default one, offers. Raises CapabilityUnsupported."""
        chosen: Provides = self._chosen(capability, name)
        return chosen.offer

    def offers(self) -> tuple[Offer, ...]:
        """Everything on offer, defaults first within a capability, then what is refused and why."""
        return (*(maker.offer for named in self.makers.values() for maker in named.values()), *self.refusals)

    def _chosen(self, capability: Capability, name: str | None) -> MakerT:  # type: ignore[type-var]
        # Under each capability stand makers of its protocol: only the caller knows which.
        named = self.makers.get(capability, {})
        if name is None and named:
            usable = (maker for maker in named.values() if maker.offer.available)
            return cast("MakerT", next(usable, None) or next(iter(named.values())))
        if name is not None and name in named:
            return cast("MakerT", named[name])
        refused = [o for o in self.refusals if o.capability is capability and name in {None, o.provider}]
        why = " ".join(dict.fromkeys(o.reason_unavailable for o in refused if o.reason_unavailable))
        if not why:
            who = "No provider" if name is None else f"No provider called {name!r}"
            others = ", ".join(each for each, maker in named.items() if maker.offer.available)
            choice = f"; choose from {others}" if others else ""
            why = f"{who} that is set up here offers {capability}{choice}."
        raise CapabilityUnsupported(capability, why, setting=self.settings[capability], provider=name)
