"""What Prometheus is told. Labels come from the schema and the route table, never from a client."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from schema.guarding.observation import Observation

_OPERATION_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one application, in a registry of its own: several can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "framewright_http_requests",
            "Requests by route and status.",
            ["route", "status"],
            registry=self.registry,
        )
        self._operations = Histogram(
            "framewright_graphql_operation_seconds",
            "Time from an operation's text to its last result, by kind and first root field.",
            ["kind", "field"],
            buckets=_OPERATION_BUCKETS_S,
            registry=self.registry,
        )
        self._errors = Counter(
            "framewright_graphql_errors", "Errors by extensions.code.", ["code"], registry=self.registry
        )
        self.sockets = Gauge(
            "framewright_graphql_sockets", "WebSockets that are open.", registry=self.registry
        )

    def request(self, route: str, status: int) -> None:
        """Count a response."""
        self._requests.labels(route, str(status)).inc()

    def operation(self, seen: Observation) -> None:
        """Count an operation. Streams last as long as they are watched, and are left out of the latency."""
        for code in seen.codes:
            self._errors.labels(code).inc()
        if seen.kind != "subscription":
            self._operations.labels(seen.kind, seen.field).observe(seen.duration_s)


async def metrics(request: Request) -> Response:
    """`GET /metrics`."""
    shown: Metrics = request.app.state.metrics
    return Response(generate_latest(shown.registry), media_type=CONTENT_TYPE_LATEST)
