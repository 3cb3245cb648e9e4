"""Plans of running renders: made once in each worker, however many of a render's segments it encodes."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from rendering.errors import SourceUnreadable
from rendering.fonts import MissingGlyphs
from rendering.fonts_fetch import FontUnavailable
from rendering.plan import RenderPlan
from rendering.timeline import Timeline
from tasks.job_engine.work import Hopeless, Retryable
from tasks.rendering.source_shelf import SourceShelf
from tasks.workshop import Workshop

_KEPT = 8


class PlanShelf:
    """The last few plans, by the hash of their timeline."""

    def __init__(self, sources: SourceShelf) -> None:
        self._sources = sources
        self._plans: OrderedDict[str, RenderPlan] = OrderedDict()

    async def plan(
        self, shop: Workshop, timeline_hash: str, timeline: Timeline, keys: Mapping[str, str]
    ) -> RenderPlan:
        """The plan of a timeline; `keys` say where its sources are stored.

        Raises:
            Hopeless: no font draws some of its text, or its own font cannot be used.
            Retryable: a font is needed that could not be fetched now.
        """
        known = self._plans.get(timeline_hash)
        if known is None:
            fonts = [] if timeline.font is None else [timeline.font.sha256]
            known = await _plan(shop, timeline, await self._sources.fetch(keys, fonts))
            self._plans[timeline_hash] = known
            while len(self._plans) > _KEPT:
                self._plans.popitem(last=False)
        return known


async def _plan(shop: Workshop, timeline: Timeline, files: Mapping[str, Path]) -> RenderPlan:
    try:
        return await shop.engine.plan(timeline, files)
    except SourceUnreadable as error:
        raise Hopeless("FONT_UNREADABLE", str(error)) from error
    except MissingGlyphs as error:
        raise Hopeless("MISSING_GLYPHS", str(error)) from error
    except FontUnavailable as error:
        raise Retryable("FONT_UNAVAILABLE", str(error)) from error
