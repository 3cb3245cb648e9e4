"""Whose word counts for where a request came from."""

import pytest

from tests.web.served import Serve

FORWARDED = {"x-forwarded-for": "198.51.100.7, 127.0.0.1"}


@pytest.mark.parametrize(
    ("trusted", "address"),
    [((), "127.0.0.1"), (("192.0.2.1",), "127.0.0.1"), (("127.0.0.0/8",), "198.51.100.7")],
)
async def test_forwarded_addresses_are_believed_from_trusted_proxies_alone(
    serve: Serve, trusted: tuple[str, ...], address: str
) -> None:
    async with serve(trusted_proxies=trusted) as server:
        assert (await server.query("{ address }", None, **FORWARDED))["data"] == {"address": address}
