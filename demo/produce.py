"""From a topic or a script to a video file, as a client of the API."""

import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from demo import operations
from demo.account import enter
from demo.board import Board
from demo.client import Client
from demo.display import Display
from demo.errors import DemoFailed


@dataclass(frozen=True, slots=True)
class Wish:
    """What the video is to be.

    Args:
        brief: fields of `CreateProjectInput`.
        profile: how it is encoded, such as `STANDARD`.
        out: where the file is to be.
    """

    brief: Mapping[str, Any]
    profile: str
    out: Path


@dataclass(frozen=True, slots=True)
class Finished:
    """What the API says of the finished file."""

    width: int
    height: int
    fps: int
    duration_s: float
    loudness_lufs: float | None
    size_bytes: int


async def produce(
    client: Client, wish: Wish, console: Console, *, account: Path | None, check_server: Callable[[], None]
) -> Finished:
    """Sign in, make the project, watch it being produced, and fetch the video.

    Args:
        client: of the server.
        wish: what to make.
        console: where to tell about it.
        account: file that keeps the account, if it is to be kept.
        check_server: raises if the server is known to be gone.

    Raises:
        DemoFailed: there is no video.
    """

    def say(name: str, text: str) -> None:
        console.print(Text(f"{name:<9} {text}"), soft_wrap=True)

    say("account", await enter(client, account))
    made = (await client.mutate(operations.CREATE_PROJECT, dict(wish.brief)))["project"]
    say("project", made["title"])
    foreseen = await client.ask(operations.FORESEE, {"projectId": made["id"]})
    say("estimate", _estimate(foreseen["productionEstimate"]))
    order = {"projectId": made["id"], "profile": wish.profile}
    job = (await client.mutate(operations.START_PRODUCTION, order))["job"]
    board = Board(job["id"])
    with Display(console) as display:
        events = client.follow(operations.PROJECT_EVENTS, {"projectId": made["id"]}, foreseen["eventCursor"])
        await _watch(client, events, board, display, check_server)
    if board.production["state"] != "SUCCEEDED" or board.render is None:
        error = board.production.get("error") or {"code": board.production["state"], "message": "it ended"}
        raise DemoFailed(f"The production did not succeed. {error['code']}: {error['message']}")
    return await _fetch(client, board.render["jobId"], wish.out)


async def _watch(
    client: Client,
    events: AsyncGenerator[Any, None],
    board: Board,
    display: Display,
    check_server: Callable[[], None],
) -> None:
    async with aclosing(events):
        async for event in events:
            if event is None:  # nothing came: look whether something was to come
                check_server()
                await _look(client, board)
            elif event["__typename"] == "ResyncRequired" or board.take(event):
                await _look(client, board)
            display.show(board)
            if board.is_over:
                return


async def _look(client: Client, board: Board) -> None:
    """Fetch the jobs as they are: at the begin of a stage this gives those that only wait so far."""
    jobs: list[dict[str, Any]] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        asked = {"id": board.id, "after": page["endCursor"]}
        job = (await client.ask(operations.JOBS, asked))["node"]
        jobs += [job, *job["children"]["nodes"]]
        page = job["children"]["pageInfo"]
    board.replace(jobs)


async def _fetch(client: Client, render_job: str, out: Path) -> Finished:
    render = (await client.ask(operations.RENDER, {"id": render_job}))["node"]["render"]
    video = render["video"]
    await client.download(video["url"], out)
    if _sha256(out) != video["sha256"]:
        raise DemoFailed(f"{out} holds other bytes than were rendered: its SHA-256 is {_sha256(out)}.")
    return Finished(
        width=render["width"],
        height=render["height"],
        fps=render["fps"],
        duration_s=render["durationS"],
        loudness_lufs=render["loudnessLufs"],
        size_bytes=int(video["sizeBytes"]),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _estimate(estimate: Mapping[str, Any]) -> str:
    pieces = [
        f"{piece['count']} {piece['kind'].lower()}{'s' if piece['count'] > 1 else ''}"
        for stage in estimate["stages"]
        for piece in stage["pieces"]
    ]
    cost = int(estimate["cost"]["minor"]) / 100
    return (
        f"{', '.join(pieces)}; a video of about {estimate['videoDurationS']:.0f} s "
        f"in about {estimate['durationS']:.0f} s for {cost:.2f} {estimate['cost']['currency']}"
    )
