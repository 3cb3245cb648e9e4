"""The ASGI application: routes, middleware, and the life of what it needs."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from strawberry.schema.base import BaseSchema
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from resolvers.context import Services
from schema.guarding.observation import Observation, Observe
from web import auth
from web.graphiql import STATIC_DIR, STATIC_PATH
from web.graphql_http import Api
from web.health import Probe, live, ready
from web.media import media
from web.metrics import Metrics, metrics
from web.options import WebOptions
from web.refusals import starlette_refusal
from web.request_scope import RequestScope

_log = structlog.get_logger("graphql")


@dataclass(frozen=True, slots=True)
class Opened:
    """What the process opened at its start.

    Args:
        services: for the resolvers.
        probes: how each dependency is asked whether it is there, by its name.
    """

    services: Services
    probes: Mapping[str, Probe]


OpenServices = Callable[[], AbstractAsyncContextManager[Opened]]


def create_application(
    make_schema: Callable[[Observe], BaseSchema], open_services: OpenServices, options: WebOptions
) -> Starlette:
    """Put the application together; nothing is opened before its lifespan begins.

    Args:
        make_schema: builds the schema, given whom to tell about operations.
        open_services: entered at the start, left at the end.
        options: how the API is offered.
    """
    figures = Metrics()

    def observe(seen: Observation) -> None:
        figures.operation(seen)
        _log.info(
            "operation",
            request_id=seen.request_id,
            kind=seen.kind,
            field=seen.field,
            duration_ms=round(seen.duration_s * 1_000, 1),
            codes=seen.codes,
        )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_services() as opened:
            app.state.services = opened.services
            app.state.probes = opened.probes
            # What is there now stays: the collector need not walk it again, nor children copy its pages.
            gc.collect()
            gc.freeze()
            yield

    api = Api(make_schema(observe), options)
    routes: list[BaseRoute] = [
        Route("/graphql", api),
        WebSocketRoute("/graphql", api),
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
        Route("/media/{key:path}", media),
        Route("/auth/{provider}/start", auth.start),
        Route("/auth/{provider}/callback", auth.callback),
    ]
    if options.graphiql_dir is not None:
        routes.append(Route("/", _to_graphiql))
        routes.append(Mount(STATIC_PATH, StaticFiles(directory=STATIC_DIR)))
    app = Starlette(
        routes=routes,
        middleware=_middleware(options, figures),
        exception_handlers={HTTPException: starlette_refusal},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.options = options
    app.state.metrics = figures
    return app


async def _to_graphiql(_request: Request) -> Response:
    """`GET /`: whoever opens the server in a browser is looking for this."""
    return RedirectResponse("/graphql")


def _middleware(options: WebOptions, figures: Metrics) -> list[Middleware]:
    cross_origin = Middleware(
        CORSMiddleware,
        allow_origins=options.allowed_origins,
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["authorization", "content-type", "if-none-match", "if-range", "range", "x-request-id"],
        expose_headers=[
            "x-request-id",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "accept-ranges",
            "content-disposition",
            "content-length",
            "content-range",
            "etag",
        ],
        max_age=3_600,
    )
    proxies = Middleware(ProxyHeadersMiddleware, trusted_hosts=list(options.trusted_proxies))
    return [proxies, Middleware(RequestScope, metrics=figures), cross_origin]
