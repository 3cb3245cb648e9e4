"""Who does what here: the providers that the entry points set up, by capability and name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from providers.errors import CapabilityUnsupported
from providers.protocols import (
    Capability,
    ClipMaker,
    Composer,
    ImageMaker,
    LipSyncer,
    Offer,
    Provides,
    ScriptWriter,
    Speaker,
)

ProviderT = TypeVar("ProviderT", bound=Provides)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRegistry:
    """The makers of each capability by provider's name; the first of a mapping is its default.

    `settings` names, for each capability, the setting that an operator changes to provide it; it stands in
    the refusal when nobody does. `refusals` are offers of what a provider that is set up honestly cannot do,
    listed beside the rest so that a client can show why.
    """

    settings: Mapping[Capability, str]
    script_writers: Mapping[str, ScriptWriter] = field(default_factory=lambda: MappingProxyType({}))
    image_makers: Mapping[str, ImageMaker] = field(default_factory=lambda: MappingProxyType({}))
    speakers: Mapping[str, Speaker] = field(default_factory=lambda: MappingProxyType({}))
    composers: Mapping[str, Composer] = field(default_factory=lambda: MappingProxyType({}))
    clip_makers: Mapping[str, ClipMaker] = field(default_factory=lambda: MappingProxyType({}))
    lip_syncers: Mapping[str, LipSyncer] = field(default_factory=lambda: MappingProxyType({}))
    refusals: tuple[Offer, ...] = ()

    def script_writer(self, name: str | None = None) -> ScriptWriter:
        """The writer of that name, or the default one. Raises CapabilityUnsupported, as all of these do."""
        return self._chosen(Capability.SCRIPT, self.script_writers, name)

    def image_maker(self, name: str | None = None) -> ImageMaker:
        """The maker of stills of that name, or the default one."""
        return self._chosen(Capability.IMAGE, self.image_makers, name)

    def speaker(self, name: str | None = None) -> Speaker:
        """The speaker of that name, or the default one."""
        return self._chosen(Capability.SPEECH, self.speakers, name)

    def composer(self, name: str | None = None) -> Composer:
        """The composer of that name, or the default one."""
        return self._chosen(Capability.MUSIC, self.composers, name)

    def clip_maker(self, name: str | None = None) -> ClipMaker:
        """The maker of moving pictures of that name, or the default one."""
        return self._chosen(Capability.CLIP, self.clip_makers, name)

    def lip_syncer(self, name: str | None = None) -> LipSyncer:
        """The lip-syncer of that name, or the default one."""
        return self._chosen(Capability.LIP_SYNC, self.lip_syncers, name)

    def offers(self) -> tuple[Offer, ...]:
        """Everything on offer, defaults first within a capability, then what is refused and why."""
        makers: tuple[Mapping[str, Provides], ...] = (
            self.script_writers,
            self.image_makers,
            self.speakers,
            self.composers,
            self.clip_makers,
            self.lip_syncers,
        )
        return (*(maker.offer for named in makers for maker in named.values()), *self.refusals)

    def _chosen(self, capability: Capability, named: Mapping[str, ProviderT], name: str | None) -> ProviderT:
        if name is None and named:
            return next(iter(named.values()))
        if name is not None and name in named:
            return named[name]
        refused = [o for o in self.refusals if o.capability is capability and name in {None, o.provider}]
        why = refused[0].reason_unavailable if refused else None
        if why is None:
            who = "No provider" if name is None else f"No provider called {name!r}"
            why = f"{who} that is set up here offers {capability}."
        raise CapabilityUnsupported(capability, why, setting=self.settings[capability], provider=name)
