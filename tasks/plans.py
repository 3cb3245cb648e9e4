"""Plans of running renders: made once in each worker, however many of a render's segments it encodes."""

from collections import OrderedDict

from rendering.fonts import MissingGlyphs
from rendering.fonts_fetch import FontUnavailable
from rendering.plan import RenderPlan
from rendering.timeline import Timeline
from tasks.work import Hopeless, Retryable
from tasks.workshop import Workshop

_KEPT = 8


class PlanShelf:
    """The last few plans, by the hash of their timeline."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, RenderPlan] = OrderedDict()

    async def plan(self, shop: Workshop, timeline_hash: str, timeline: Timeline) -> RenderPlan:
        """The plan of a timeline.

        Raises:
            Hopeless: no font draws some of its text.
            Retryable: a font is needed that could not be fetched now.
        """
        known = self._plans.get(timeline_hash)
        if known is None:
            known = await _plan(shop, timeline)
            self._plans[timeline_hash] = known
            while len(self._plans) > _KEPT:
                self._plans.popitem(last=False)
        return known


async def _plan(shop: Workshop, timeline: Timeline) -> RenderPlan:
    try:
        return await shop.engine.plan(timeline)
    except MissingGlyphs as error:
        raise Hopeless("MISSING_GLYPHS", str(error)) from error
    except FontUnavailable as error:
        raise Retryable("FONT_UNAVAILABLE", str(error)) from error
