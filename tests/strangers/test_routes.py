"""Every address of the API besides GraphQL: what nobody in particular gets there."""

import re

import httpx
import pytest
from starlette.routing import Route, WebSocketRoute

from tests.strangers.street import Street

GIVEN_TO_ALL = {
    "/health/live": 200,
    "/health/ready": 200,
    "/metrics": 200,
    "/auth/{provider}/start": 404,
    "/auth/{provider}/callback": 404,
}
"""Outcome by path, for whoever asks without anything: no provider of sign-ins is set up here."""

ELSEWHERE = {"/graphql", "/media/{key:path}", "/"}
"""Tried by the other tests, and below."""


def test_every_route_is_tried(street: Street) -> None:
    paths = {each.path for each in street.server.app.routes if isinstance(each, Route | WebSocketRoute)}
    assert sorted(paths - GIVEN_TO_ALL.keys() - ELSEWHERE) == []


@pytest.mark.parametrize("path", sorted(GIVEN_TO_ALL))
async def test_routes_tell_nobody_anything(street: Street, path: str) -> None:
    before = await street.traces.seen()
    async with httpx.AsyncClient(base_url=street.server.url) as client:
        answer = await client.get(re.sub(r"\{\w+\}", "google", path))
    assert answer.status_code == GIVEN_TO_ALL[path], answer.text
    assert not any(word in answer.text for word in street.world.secrets)
    assert await street.traces.since(before) == []


async def test_no_address_of_one_file_opens_another(street: Street) -> None:
    """Every stored file, with no signature, with another's, and after its time."""
    world = street.world
    media = world.studio.services.media
    keys = sorted(world.objects)
    assert len(keys) >= 2
    async with httpx.AsyncClient(base_url=street.server.url) as client:
        for key, other in zip(keys, [*keys[1:], keys[0]], strict=True):
            own, foreign = (media.url(each, 60).partition("?")[2] for each in (key, other))
            stale = re.sub(r"expires=\d+", "expires=1", own)
            codes = [
                (await client.get(f"/media/{key}?{query}")).status_code for query in ("", foreign, stale, own)
            ]
            assert codes == [404, 404, 404, 200], key
