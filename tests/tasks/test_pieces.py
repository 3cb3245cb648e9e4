"""Words on their way: in order, in few pieces, and what a model gets to know."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast

import pytest
from beanie import PydanticObjectId
from hypothesis import given
from hypothesis import strategies as st

from documents.projects.project import Project
from documents.tree.script import Frame, Scene, Script
from documents.writers_room.chat import ChatMessage, Speaker
from providers.protocols.chat import ChatEnd
from providers.protocols.offer import Usage
from tasks.writing.chat_context import about_project, bounded_turns, tokens
from tasks.writing.pieces import PIECE_INTERVAL_S, hand_on

END = ChatEnd(Usage(provider="p", model="m", duration_ms=1))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def spoken(words: list[str], *, pause_s: float = 0.0, end: bool = True) -> AsyncIterator[str | ChatEnd]:
    for word in words:
        yield word
        await asyncio.sleep(pause_s)
    if end:
        yield END


async def test_many_words_go_out_in_few_pieces_and_none_is_lost() -> None:
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    words = [f"{number} " for number in range(300)]
    whole, end = await hand_on(spoken(words, pause_s=0.001), send)
    assert whole == "".join(sent) == "".join(words)
    assert end is END
    assert len(sent) < 60


async def test_a_word_before_a_long_silence_is_not_kept_back() -> None:
    sent: list[float] = []
    clock = asyncio.get_running_loop().time

    async def send(text: str) -> None:
        del text
        sent.append(clock())

    started = clock()
    await hand_on(spoken(["a", "b"], pause_s=PIECE_INTERVAL_S * 3), send)
    assert len(sent) == 2
    assert sent[1] - started < PIECE_INTERVAL_S * 5


async def test_an_answer_that_just_stops_has_no_end() -> None:
    async def send(text: str) -> None:
        del text

    assert await hand_on(spoken(["a"], end=False), send) == ("a", None)


async def test_who_is_canceled_lets_go_of_the_answer() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncIterator[str | ChatEnd]:
        try:
            yield "a"
            await asyncio.Event().wait()
        finally:
            closed.set()

    async def send(text: str) -> None:
        del text

    working = asyncio.create_task(hand_on(endless(), send))
    await asyncio.sleep(0.02)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert closed.is_set()


def said(speaker: Speaker, content: str) -> ChatMessage:
    nobody = PydanticObjectId()
    fields = {"chat_id": nobody, "owner_id": nobody, "at": NOW}
    return cast("ChatMessage", ChatMessage.model_construct(speaker=speaker, content=content, **fields))


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=12), st.permutations(list(Speaker)))
def test_a_talk_is_bounded_and_keeps_the_newest(lengths: list[int], speakers: list[Speaker]) -> None:
    heard = [said(speakers[number % 2], "ü" * length) for number, length in enumerate(lengths)]
    heard.append(said(Speaker.USER, "And now?"))
    turns = bounded_turns(heard)
    assert (turns[-1].role, turns[-1].text) == ("user", "And now?")
    assert turns[0].role == "user"
    assert sum(tokens(turn.text) for turn in turns) <= 12_000
    assert [turn.text for turn in turns] == [each.content for each in heard[-len(turns) :]]


def test_a_long_script_is_told_as_far_as_it_fits() -> None:
    frames = [Frame(narration="Bees dance. " * 300) for _ in range(30)]
    project = Project.model_construct(
        title="Bees",
        owner_id=PydanticObjectId(),
        script=Script(scenes=[Scene(title="One", frames=frames)]),
        created_at=NOW,
        updated_at=NOW,
    )
    told = about_project(project)
    assert told.startswith("Title: Bees\n")
    assert told.endswith("[…]")
    assert tokens(told) < 6_500
