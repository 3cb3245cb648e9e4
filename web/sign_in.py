"""From a request to a viewer."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from starlette.requests import HTTPConnection

from access.errors import Unauthenticated
from access.guest_tokens import PREFIX
from access.viewer import Viewer
from resolvers.context import Context, Services


def bearer(connection: HTTPConnection, connection_params: object = None) -> str | None:
    """The token that came along, in `connection_init` or else in the header; None if there is none.

    Raises:
        Unauthenticated: something came along that is no bearer token.
    """
    value: object = None
    if isinstance(connection_params, Mapping):
        names = {str(name).lower(): name for name in connection_params}
        if "authorization" in names:
            value = connection_params[names["authorization"]]
    if value is None:
        value = connection.headers.get("authorization")
    if value is None:
        return None
    scheme, _, token = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    return token.strip()


async def viewer_of(services: Services, token: str | None) -> Viewer | None:
    """The viewer behind a token; None without one. Raises Unauthenticated if it is no longer good."""
    return None if token is None else await services.authenticator.authenticate(token)


async def sign_in(context: Context, token: str | None) -> None:
    """Write down who is behind a token, and how to find out again.

    Raises:
        Unauthenticated: it is no longer good; nothing is written down.
    """
    if token is not None and token.startswith(PREFIX):
        context.guest = await context.services.guests.authenticate(token)
    else:
        context.viewer = await viewer_of(context.services, token)
    if token is not None:
        context.sign_in_again = partial(sign_in, token=token)


async def request_context(connection: HTTPConnection) -> Context:
    """The context of one request.

    A token that is no longer good makes the request an anonymous one: renewing the token must be possible
    with the old one still in the header, and what needs a viewer says so itself.
    """
    context = socket_context(connection)
    with suppress(Unauthenticated):
        await sign_in(context, bearer(connection))
    return context


def socket_context(connection: HTTPConnection) -> Context:
    """The context of nobody: of a socket that has not introduced itself."""
    return Context(
        services=connection.app.state.services,
        request=connection,
        request_id=connection.state.request_id,
        remote_address=connection.client.host if connection.client else "",
    )
