"""Whether the process lives, and whether it can do its work."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import Response

from web.refusals import json_response

Probe = Callable[[], Awaitable[object]]
"""Asks a dependency something small; raises if there is no answer."""

_log = structlog.get_logger("health")


async def live(_request: Request) -> Response:
    """`GET /health/live`: the event loop turns."""
    return json_response({"status": "ok"})


async def ready(request: Request) -> Response:
    """`GET /health/ready`: every dependency answers in time; 503 and which one does not otherwise."""
    probes: Mapping[str, Probe] = request.app.state.probes
    timeout_s: float = request.app.state.options.probe_timeout_s
    checks = await asyncio.gather(*(_check(name, probe, timeout_s) for name, probe in probes.items()))
    is_ready = all(check["ok"] for check in checks)
    content = {
        "status": "ok" if is_ready else "unavailable",
        "checks": dict(zip(probes, checks, strict=True)),
    }
    return json_response(content, 200 if is_ready else 503)


async def _check(name: str, probe: Probe, timeout_s: float) -> dict[str, object]:
    started_s = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_s):
            await probe()
    except Exception as error:  # noqa: BLE001 - whatever a client library raises, its server does not serve
        # The text may name hosts and users; the log may, the response may not.
        _log.warning("dependency_down", dependency=name, error=repr(error))
        is_ok = False
    else:
        is_ok = True
    return {"ok": is_ok, "duration_ms": round((time.perf_counter() - started_s) * 1_000, 1)}
