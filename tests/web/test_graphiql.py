"""GraphiQL from our own files."""

import re
from pathlib import Path

import httpx

from tests.web.served import Serve
from web.graphiql_files import FILES, GRAPHIQL_DIR, are_files_there

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_browsers_get_a_page_that_loads_nothing_from_elsewhere(serve: Serve) -> None:
    assert are_files_there(), "run `python cli.py graphiql` first"
    async with serve(graphiql_dir=GRAPHIQL_DIR) as server, httpx.AsyncClient() as client:
        page = await client.get(server.graphql, headers=BROWSER)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert (
            f"connect-src 'self' {server.graphql.replace('http', 'ws').removesuffix('/graphql')};"
            in f"{policy};"
        )
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(loaded) == len(FILES) + 3
        for address in loaded:
            if address != "data:,":
                assert address.startswith("/graphql/static/")
                assert (await client.get(f"{server.url}{address}")).status_code == 200
        assert "<script>" not in page.text
        escaped = await client.get(f"{server.url}/graphql/static/%2e%2e/graphiql.py")
        assert escaped.status_code == 404


async def test_the_server_itself_leads_to_graphiql_where_it_is_shown(serve: Serve) -> None:
    async with serve(graphiql_dir=GRAPHIQL_DIR) as server, httpx.AsyncClient() as client:
        answer = await client.get(server.url, headers=BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (307, "/graphql")
    async with serve() as server, httpx.AsyncClient() as client:
        assert (await client.get(server.url, headers=BROWSER)).status_code == 404


async def test_others_and_closed_servers_get_no_page(serve: Serve) -> None:
    async with serve(graphiql_dir=GRAPHIQL_DIR) as server, httpx.AsyncClient() as client:
        for accept in ("*/*", "application/json"):
            response = await client.get(server.graphql, headers={"accept": accept})
            assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    async with serve() as server, httpx.AsyncClient() as client:
        assert (await client.get(server.graphql, headers=BROWSER)).status_code == 405
        assert (await client.get(f"{server.url}/graphql/static/page.js")).status_code == 404


def test_the_lock_file_pins_every_package_and_names_no_registry() -> None:
    lock = (Path(__file__).parents[2] / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('    "node_modules/')
