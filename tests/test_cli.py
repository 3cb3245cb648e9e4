"""The commands, as an operator runs them."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import httpx

from devstack.stack import StackAddresses

CHECKOUT = Path(__file__).parents[1]


def clean_environment(**given: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRAMEWRIGHT_")}
    return {**kept, **{f"FRAMEWRIGHT_{name}": value for name, value in given.items()}}


async def run(*arguments: str, **environ: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "cli.py",
        *arguments,
        cwd=CHECKOUT,
        env=clean_environment(**environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_generated_files_are_fresh() -> None:
    assert await run("schema", "--check") == (0, "")
    assert await run("example", "--check") == (0, "")
    assert await run("access", "--check") == (0, "")


async def test_breaking_changes_are_listed(tmp_path: Path) -> None:
    released = tmp_path / "released.graphql"
    released.write_text("type Query { version: String! gone: Int }")
    code, output = await run("schema", "--check", "--released", str(released))
    assert (code, output.startswith("Breaking: FIELD_REMOVED")) == (0, True)


async def test_a_stale_schema_is_noticed(tmp_path: Path) -> None:
    code, output = await run("schema", "--check", "--file", str(tmp_path / "schema.graphql"))
    assert code == 1
    assert "out of date" in output


async def test_stale_tables_are_noticed_and_written(tmp_path: Path) -> None:
    page = tmp_path / "access.md"
    whole = (CHECKOUT / "docs" / "access.md").read_text()
    page.write_text(whole.replace("| `PROJECT_VIEW` |", "| `PROJECT_LOOK` |"))
    code, output = await run("access", "--check", "--page", str(page))
    assert code == 1
    assert "out of date" in output
    assert await run("access", "--page", str(page)) == (0, "")
    assert page.read_text() == whole


async def test_an_operator_is_made_from_the_command_line(stack: StackAddresses, tmp_path: Path) -> None:
    environ = clean_environment(
        DATA_DIR=str(tmp_path),
        MONGODB_URL=stack.mongodb_url,
        MONGODB_DATABASE=f"test_{tmp_path.name}"[:38],
        REDIS_URL=stack.redis_url,
        S3_ENDPOINT=stack.s3_endpoint,
        S3_ACCESS_KEY=stack.s3_access_key,
        S3_SECRET_KEY=stack.s3_secret_key,
    )

    async def make(email: str, password: bytes) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "cli.py", "create-admin", email),
            cwd=CHECKOUT,
            env=environ,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate(password + b"\n")
        return process.returncode, output.decode()

    assert await make("root@example.com", b"purple lantern") == (
        0,
        "root@example.com runs the platform now.\n",
    )
    code, output = await make("second@example.com", b"short")
    assert code == 1
    assert "at least 10 characters" in output
    assert "Traceback" not in output


async def test_production_without_secrets_does_not_start() -> None:
    code, output = await run("serve", ENV="production")
    assert code == 2
    assert "FRAMEWRIGHT_JWT_KEYS" in output
    assert "Traceback" not in output


async def test_a_misspelt_setting_does_not_start() -> None:
    code, output = await run("serve", ENV="production", MONGO_URL="x")
    assert code == 2
    assert "did you mean FRAMEWRIGHT_MONGODB_URL" in output


async def test_serve_answers_and_ends_on_sigterm(stack: StackAddresses, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "cli.py",
        "serve",
        "--port",
        str(port),
        cwd=CHECKOUT,
        env=clean_environment(
            DATA_DIR=str(tmp_path),
            MONGODB_URL=stack.mongodb_url,
            MONGODB_DATABASE="test_cli",
            REDIS_URL=stack.redis_url,
            S3_ENDPOINT=stack.s3_endpoint,
            S3_ACCESS_KEY=stack.s3_access_key,
            S3_SECRET_KEY=stack.s3_secret_key,
        ),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(30), httpx.AsyncClient() as client:
            while True:
                try:
                    answer = await client.post(
                        f"http://127.0.0.1:{port}/graphql", json={"query": "{ version }"}
                    )
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.1)
        assert answer.json()["data"]
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            await process.wait()


async def test_a_port_that_is_taken_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        code, output = await run("run", "--port", port, DATA_DIR=str(tmp_path / "data"))
    assert code == 1
    assert (
        output
        == f"Cannot listen at 127.0.0.1:{port}: Address already in use. Try another: make run PORT=8001\n"
    )
    assert not (tmp_path / "data").exists()


async def test_a_setting_that_cannot_be_meant_stops_everything_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
    code, output = await run("run", "--port", port, DATA_DIR=str(tmp_path / "data"), PROVIDERS="opnai")
    assert code == 2
    assert "FRAMEWRIGHT_PROVIDERS: 'opnai' is no provider" in output
    assert "GraphiQL" not in output
