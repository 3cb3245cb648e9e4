"""An answer that comes word after word, handed on in pieces: about ten a second, however fast it comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final

from providers.protocols.chat import ChatEnd
from tasks.job_engine import background

PIECE_INTERVAL_S: Final = 0.1


async def hand_on(
    answer: AsyncIterator[str | ChatEnd], send: Callable[[str], Awaitable[None]]
) -> tuple[str, ChatEnd | None]:
    """Take an answer to its end and send its words on as they come.

    Args:
        answer: as a `Converser` gives it.
        send: gets every word once and in order; what it raises ends the answer.

    Returns:
        All words, and what ended them; None where the answer just stopped.
    """
    clock = asyncio.get_running_loop().time
    words: list[str] = []
    unsent = ""
    end: ChatEnd | None = None
    due = clock()
    pending = asyncio.create_task(_next(answer))
    try:
        while True:
            # Without unsent words there is nothing to wake up for but the next ones.
            await asyncio.wait({pending}, timeout=max(0.0, due - clock()) if unsent else None)
            if unsent and clock() >= due:
                await send(unsent)
                unsent, due = "", clock() + PIECE_INTERVAL_S
            if not pending.done():
                continue
            piece = pending.result()
            if piece is None:
                break
            if isinstance(piece, ChatEnd):
                end = piece
            else:
                words.append(piece)
                unsent += piece
            pending = asyncio.create_task(_next(answer))
    finally:
        await background.end(pending)
        if isinstance(answer, AsyncGenerator):
            await answer.aclose()
    if unsent:
        await send(unsent)
    return "".join(words), end


async def _next(answer: AsyncIterator[str | ChatEnd]) -> str | ChatEnd | None:
    return await anext(answer, None)
