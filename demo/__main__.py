"""`python -m demo`: makes a video from a topic or a script, as a client of the API would."""

import asyncio
import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from demo.client import Client
from demo.errors import DemoFailed
from demo.produce import Finished, Wish, produce
from demo.server import CHECKOUT, Server

RESOLUTIONS = (480, 720, 1080)
ACCOUNT = "demo-account.json"
TOPIC = "How lighthouses work"


def demo(  # noqa: PLR0917 - Typer calls it, by name
    topic: Annotated[str, typer.Option(envvar="DEMO_TOPIC", help="What the video is about.")] = TOPIC,
    script: Annotated[
        Path | None,
        typer.Option(
            envvar="DEMO_SCRIPT", help="A text file that is told word for word, instead of a topic."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(envvar="DEMO_OUT", help="Where the video is to be.")] = Path(
        "out/demo.mp4"
    ),
    language: Annotated[str, typer.Option(envvar="DEMO_LANGUAGE", help="Language tag, such as de.")] = "en",
    resolution: Annotated[
        int, typer.Option(envvar="DEMO_RESOLUTION", help="Shorter side in pixels: 480, 720 or 1080.")
    ] = 1080,
    duration: Annotated[
        float, typer.Option(envvar="DEMO_DURATION", help="Seconds to aim at, for a topic.", min=5, max=3600)
    ] = 45,
    profile: Annotated[
        str, typer.Option(envvar="DEMO_PROFILE", help="PREVIEW, DRAFT, STANDARD or HIGH.")
    ] = "STANDARD",
    url: Annotated[
        str | None, typer.Option(envvar="DEMO_URL", help="A running server; without it one is started.")
    ] = None,
) -> None:
    """Make a video from a topic or a script, and tell how far it is."""
    console = Console(highlight=False, markup=False, emoji=False)
    begun = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    data_dir = Path(os.environ.get("FRAMEWRIGHT_DATA_DIR") or CHECKOUT / ".framewright")
    server: Server | None = None
    try:
        brief = {**_brief(topic, script, duration), "language": language, "style": _style(resolution)}
        wish = Wish(brief, profile.upper(), out)
        with ExitStack() as opened:
            if url is None:
                console.print(Text("starting  the embedded stack, the API and its workers"))
                server = opened.enter_context(Server(data_dir))
                address = server.url
                console.print(Text(f"server    {address}   log: {server.log}"), soft_wrap=True)
            else:
                address = url
            finished = asyncio.run(_produce(address, wish, console, server, data_dir))
            _tell(console, finished, wish, time.monotonic() - begun, None if server is None else data_dir)
            if server is not None:
                console.print(Text("stopping  what was started"))
    except DemoFailed as failed:
        Console(stderr=True, highlight=False).print(Text(str(failed)), soft_wrap=True)
        if server is not None:
            print(f"Logs: {data_dir / 'logs'}", file=sys.stderr)  # noqa: T201 - talks to a terminal
        raise typer.Exit(1) from failed
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # noqa: T201 - likewise
        raise typer.Exit(130) from None


async def _produce(url: str, wish: Wish, console: Console, server: Server | None, data_dir: Path) -> Finished:
    def check_server() -> None:
        if server is not None and not server.is_running():
            raise server.ended("The server ended.")

    account = None if server is None else data_dir / ACCOUNT
    async with Client(url) as client:
        return await produce(client, wish, console, account=account, check_server=check_server)


def _brief(topic: str, script: Path | None, duration_s: float) -> dict[str, object]:
    if script is None:
        return {"topic": topic, "targetDurationS": duration_s}
    try:
        text = script.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DemoFailed(f"{script} cannot be read as UTF-8 text: {error}") from error
    if not text.strip():
        raise DemoFailed(f"{script} is empty.")
    return {"text": text}


def _style(resolution: int) -> dict[str, object]:
    if resolution not in RESOLUTIONS:
        raise DemoFailed(f"A video of {resolution} pixels cannot be made; choose 480, 720 or 1080.")
    return {"resolution": f"P{resolution}"}


def _tell(console: Console, finished: Finished, wish: Wish, took_s: float, data_dir: Path | None) -> None:
    loudness = "" if finished.loudness_lufs is None else f", {finished.loudness_lufs:.1f} LUFS"
    shape = f"{finished.width}x{finished.height} at {finished.fps} fps"
    length = f"{finished.size_bytes / 1e6:.1f} MB, {finished.duration_s:.1f} s"
    lines = ["", f"video     {wish.out}", f"          {length}, {shape}{loudness}; made in {took_s:.0f} s"]
    if data_dir is not None:
        lines += [
            "next      make run         keeps it all running: GraphiQL at http://127.0.0.1:8000/graphql",
            "          make demo SCRIPT=story.txt OUT=out/story.mp4",
            f"account   its address and password are in {data_dir / ACCOUNT}",
        ]
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(demo)
    app()
