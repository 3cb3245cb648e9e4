"""The process in which pictures, fonts and models are opened: `python -m rendering.intake.inside`.

It reads one order a line and answers with one line. Each file is opened in a fork of this process, which has
loaded the decoders once: with a bound on memory, time and what it may write, no environment, and nothing
of its parent's but the two pipes. A decoder that crashes, or is made to run for ever, takes only that fork
with it. The process ends when its input does.
"""

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, Final

from PIL import Image

from rendering.intake import limits
from rendering.intake.faults import Fault, FileRefused
from rendering.intake.fonts import load_tables, look_at_font
from rendering.intake.media_types import GLB, Medium
from rendering.intake.models import look_at_model
from rendering.intake.pictures import look_at_picture
from rendering.intake.sniffing import sniff
from rendering.intake.wholeness import require_whole

_PR_SET_PDEATHSIG: Final = 1  # <linux/prctl.h>
_LIBC: Final = ctypes.CDLL(None)
_ANSWER_MAX: Final = 64 * 1024
_COSTLY: Final = frozenset({signal.SIGXCPU, signal.SIGKILL, signal.SIGXFSZ})


def look(order: dict[str, Any]) -> dict[str, Any]:
    """What an order names, looked into.

    Raises:
        FileRefused: it does not fit.
        MemoryError: it takes more memory than there is.
    """
    path = Path(order["path"])
    found = sniff(path)
    if found is None or found.mime_type not in order["taken"]:
        what = "nothing that is known here" if found is None else found.mime_type
        taken = ", ".join(order["taken"])
        raise FileRefused(Fault.TYPE_UNSUPPORTED, f"By its content it is {what}. Taken are {taken}.")
    announced = order["announced"]
    if found.mime_type != announced:
        raise FileRefused(Fault.TYPE_DIFFERS, f"This is {found.mime_type}, where {announced} was announced.")
    require_whole(path, found)
    answer: dict[str, Any] = {"type": found.mime_type, "width": 0, "height": 0, "facts": {}}
    if found.medium is Medium.PICTURE:
        copies = {Path(each): side for each, side in order["copies"].items()}
        seen = look_at_picture(path, found.opener, copies)
        answer |= {"width": seen.width, "height": seen.height}
        answer["facts"] = {"is_see_through": seen.is_see_through}
    elif found.medium is Medium.FONT:
        answer["facts"] = look_at_font(path, Path(order["clean"]))
    elif found.medium is Medium.MODEL:
        answer["facts"] = look_at_model(path, is_binary=found == GLB)
    return answer


def _in_fork(order: dict[str, Any], out: int) -> None:
    """Look, write the answer, and end."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # decoders grumble
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_S, limits.CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.COPY_BYTES, limits.COPY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"found": look(order)}
    except FileRefused as refused:
        answer = {"fault": refused.fault.value, "reason": refused.reason}
    except (MemoryError, RecursionError):
        answer = _costly()
    except Exception as broken:  # noqa: BLE001 - whatever it is, the file made it happen
        answer = {"fault": Fault.UNREADABLE.value, "reason": f"It cannot be read: {str(broken)[:200]}."}
    os.write(out, json.dumps(answer).encode()[:_ANSWER_MAX])


def _costly() -> dict[str, Any]:
    return {
        "fault": Fault.TOO_COSTLY.value,
        "reason": "Looking into it takes more memory or time than any honest file takes.",
    }


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    """Have one file looked into, in a fork that may die of it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            _in_fork(order, write)
        finally:
            os._exit(0)
    os.close(write)
    told = _read(read, child)
    os.close(read)
    _, status, usage = os.wait4(child, 0)
    if told:
        return {**json.loads(told), "memory_bytes": usage.ru_maxrss * 1024}
    died_of = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if died_of in _COSTLY or died_of == 0:
        return {**_costly(), "memory_bytes": usage.ru_maxrss * 1024}
    return {
        "fault": Fault.UNREADABLE.value,
        "reason": f"It cannot be decoded: the decoder broke down ({signal.Signals(died_of).name}).",
        "memory_bytes": usage.ru_maxrss * 1024,
    }


def _read(pipe: int, child: int) -> bytes:
    """All that the fork says; it is killed when its time is over."""
    told = b""
    until = time.monotonic() + limits.WALL_S
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            return b""
        chunk = os.read(pipe, _ANSWER_MAX)
        if not chunk:
            return told
        told += chunk


def main() -> None:
    """Answer orders until there are no more; what forks would each load is loaded before the first one."""
    Image.init()
    load_tables()
    for line in sys.stdin.buffer:
        answer = _answer(json.loads(line))
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
