"""What to make on which day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from providers.errors import InvalidRequest
from providers.language.hashtags import hashtags
from providers.language.prompts.plan import PlanDraft, VideoDraft, plan_prompt
from providers.language.shortened import shortened
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import TITLE_CHARACTERS, is_said, one_line
from providers.protocols.chat import Plan, PlannedVideo, PlanRequest
from providers.protocols.offer import Capability

BATCH_VIDEOS = 20


class OpenAiPlanner(Maker):
    """Plans a time, some days at once."""

    capability: ClassVar[Capability] = Capability.PLAN

    async def plan(self, request: PlanRequest) -> Plan:
        """Make the plan: as many videos for each day as are asked for.

        Raises:
            InvalidRequest: there is no day, one is no date, or nothing is to be planned for each.
        """
        _check(request)
        model = request.model or self._model
        meter = self._connection.meter(model)
        videos: list[PlannedVideo] = []
        step = max(1, BATCH_VIDEOS // request.per_day)
        for start in range(0, len(request.days), step):
            days = request.days[start : start + step]
            avoid = (*request.avoid, *(video.title for video in videos))
            draft = await ask(
                self._connection,
                meter,
                plan_prompt(request, days, avoid=avoid),
                PlanDraft,
                wish=Wish(model, request.persona),
                check=partial(_complaint, days=days, per_day=request.per_day),
            )
            order = {day: place for place, day in enumerate(days)}
            videos += sorted(map(_video, draft.videos), key=lambda video: order[video.day])
        return Plan(videos=tuple(videos), usage=meter.usage())


def _check(request: PlanRequest) -> None:
    if not request.days:
        raise InvalidRequest("days", "There is no day; give at least one.")
    for day in request.days:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise InvalidRequest("days", f"{day!r} is no date such as 2026-12-31.") from error
    if request.per_day < 1:
        raise InvalidRequest("per_day", "Must be at least 1.")


def _video(draft: VideoDraft) -> PlannedVideo:
    return PlannedVideo(
        day=draft.day.strip(),
        title=shortened(one_line(draft.title), TITLE_CHARACTERS),
        topic=one_line(draft.topic),
        hook=one_line(draft.hook),
        hashtags=hashtags(draft.hashtags),
    )


def _complaint(draft: PlanDraft, *, days: Sequence[str], per_day: int) -> Complaint:
    counts = Counter(video.day.strip() for video in draft.videos)
    wrong = [day for day in dict.fromkeys([*days, *counts]) if counts[day] != per_day * (day in days)]
    if wrong:
        return Complaint(f"it does not have {per_day} for each day asked for: see {', '.join(wrong[:5])}.")
    if not all(is_said(video.title) and is_said(video.topic) for video in draft.videos):
        return Complaint("a video has no title or no topic.")
    return NO_COMPLAINT
