"""GraphQL over HTTP, WebSocket and SSE at one exact path."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.parse_content_type import parse_content_type
from strawberry.schema.base import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from resolvers.context import Context
from schema.guarding.masking import coded, is_refused_whole
from web.body_limit import limited
from web.budget_headers import budget_headers
from web.graphiql import graphiql_response
from web.graphql_socket import SocketAdapter, SocketHandler, sign_in_socket
from web.graphql_stream import while_signed_in
from web.options import WebOptions
from web.refusals import GRAPHQL_JSON, STATUS_BY_CODE, HttpRefused, defect_response, refusal_response
from web.sign_in import request_context, socket_context


class Api(GraphQL[Context, None]):
    """The endpoint.

    Args:
        schema: with its guards and masking.
        options: how it is offered.
    """

    websocket_adapter_class = SocketAdapter
    graphql_transport_ws_handler_class = SocketHandler

    def __init__(self, schema: BaseSchema, options: WebOptions) -> None:
        super().__init__(
            schema,
            graphql_ide=None if options.graphiql_dir is None else "graphiql",
            allow_queries_via_get=options.allow_get,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=options.connection_init_timeout_s),
            max_subscriptions_per_connection=options.max_operations_per_socket,
            allowed_origins=options.allowed_origins,
        )
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one socket."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            self._refuse_method(HTTPConnection(scope))
            response = await self.run(Request(scope, limited(scope, receive, self._options.max_body_bytes)))
        except HttpRefused as refused:
            response = refusal_response(refused.status, refused.message, refused.headers)
        except HTTPException as refused:
            response = refusal_response(refused.status_code, refused.reason)
        except Exception as error:  # noqa: BLE001 - the outermost frame of a request: the table decides what is shown
            response = defect_response(error, scope["state"]["request_id"])
        await response(scope, receive, send)

    def _refuse_method(self, request: HTTPConnection) -> None:
        method = request.scope["method"]
        if method == "POST" or (method == "GET" and (self._options.allow_get or self._wants_page(request))):
            return
        allow = "GET, POST" if self._options.allow_get or self.graphql_ide else "POST"
        raise HttpRefused(405, "Send GraphQL operations by POST, as JSON.", allow=allow)

    def _wants_page(self, request: Any) -> bool:
        return self.graphql_ide is not None and "text/html" in str(request.headers.get("accept", ""))

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Show GraphiQL to browsers alone."""
        return request.method == "GET" and self._wants_page(request)

    async def render_graphql_ide(self, request: Request) -> Response:
        """GraphiQL from our own files."""
        return graphiql_response(request)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """The context of one request, or of one socket before it introduced itself."""
        del response
        if isinstance(request, WebSocket):
            return socket_context(request)
        return await request_context(request)

    async def on_ws_connect(self, context: Context) -> dict[str, object] | None:
        """Sign the socket in."""
        await sign_in_socket(context)
        return None

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Choose the media type of the answer."""
        response = await super().get_sub_response(request)
        request.state.sub_response = response
        response.media_type = _negotiated(request.headers.get("accept", ""))
        return response

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Read the request, in time and in the one form that is accepted."""
        if request.method == "POST":
            _refuse_media_type(request.headers)
        try:
            async with asyncio.timeout(self._options.body_timeout_s):
                data = await super().parse_http_body(request)
        except TimeoutError as late:
            raise HttpRefused(408, "The request took too long to arrive.", connection="close") from late
        assert isinstance(data, GraphQLRequestData)  # noqa: S101 - `parse_json` lets no list through
        if not isinstance(data.operation_name, str | None):
            raise HttpRefused(400, "`operationName` must be a string or null, if provided.")
        return data

    def parse_json(self, data: str | bytes) -> dict[str, Any]:
        """Read a JSON object; anything else is refused."""
        value = super().parse_json(data)
        if not isinstance(value, dict):
            raise HttpRefused(400, "Send one JSON object with `query`; batches are not accepted.")
        return value

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON; neither NaN nor lone surrogates nor thousandfold nesting pass."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> bytes:
        """Write JSON."""
        return orjson.dumps(data)

    async def execute_operation(  # type: ignore[override]  # batches do not exist here
        self, request: Request, request_data: GraphQLRequestData, context: Context, **rest: Any
    ) -> Any:
        """Run the operation; a stream ends when its token is no longer good."""
        result = await super().execute_operation(
            request=request, request_data=request_data, context=context, **rest
        )
        if request_data.protocol != "sse" or context.subject_id is None:
            return result
        return while_signed_in(
            result,  # type: ignore[arg-type]  # what the protocol "sse" leads to
            context,
            every_s=self._options.reauthenticate_s,
        )

    async def execute_single(  # type: ignore[override]  # called by keyword, with more than is needed here
        self,
        *,
        request_data: GraphQLRequestData,
        request_adapter: AsyncHTTPRequestAdapter,
        context: Context,
        **_: Any,
    ) -> ExecutionResult:
        """Run a query or mutation and say what is wrong with anything else."""
        allowed = {OperationType.QUERY}
        if request_adapter.method == "POST":
            allowed.add(OperationType.MUTATION)
        try:
            return await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=allowed,
                operation_extensions=request_data.extensions,
            )
        except InvalidOperationTypeError as refused:
            if refused.operation_type is OperationType.MUTATION:
                raise HttpRefused(405, "Mutations are sent by POST.", allow="POST") from refused
            text = "A subscription needs a WebSocket (graphql-transport-ws) or `Accept: text/event-stream`."
            error = GraphQLError(text, original_error=refused)
        except CannotGetOperationTypeError as refused:
            error = GraphQLError(refused.as_http_error_reason(), original_error=refused)
        except MissingQueryError as refused:
            raise HttpRefused(400, "The request has no `query`.") from refused
        return ExecutionResult(data=None, errors=[coded(error, request_id=context.request_id)])

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Give an operation that was refused whole the status that its media type asks for."""
        answer = await super().process_result(request, result)
        if cost := (result.extensions or {}).get("cost"):
            request.state.sub_response.headers.update(budget_headers(cost))
        if not is_refused_whole(result):
            return answer
        answer.pop("data", None)
        response: Response = request.state.sub_response
        extensions = (result.errors or [])[0].extensions or {}
        if response.media_type == GRAPHQL_JSON:  # application/json keeps 200
            response.status_code = STATUS_BY_CODE.get(str(extensions.get("code")), 400)
        if "retryAfter" in extensions:
            response.headers["retry-after"] = str(extensions["retryAfter"])
        return answer

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        """Write the answer in the chosen media type."""
        response = super().create_response(response_data, sub_response)
        response.headers["content-type"] = f"{sub_response.media_type}; charset=utf-8"
        return response


def _negotiated(accept: str) -> str:
    """The media type of the answer. Who names none, or one that we have not, gets application/json."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        media_type, _, parameters = part.partition(";")
        _, found, given = parameters.replace(" ", "").partition("q=")
        try:
            weights[media_type.strip().lower()] = float(given.partition(";")[0]) if found else 1.0
        except ValueError:
            weights[media_type.strip().lower()] = 0.0
    ours, plain = weights.get(GRAPHQL_JSON, 0.0), weights.get("application/json", 0.0)
    return GRAPHQL_JSON if ours > 0 and ours >= plain else "application/json"


def _refuse_media_type(headers: Mapping[str, str]) -> None:
    """Let JSON in UTF-8 through: a form or plain text could be sent by any page without asking (CSRF)."""
    media_type, parameters = parse_content_type(headers.get("content-type", ""))
    charset = parameters.get("charset", "utf-8").strip("'\"").lower()
    if media_type != "application/json" or charset not in {"utf-8", "utf8"}:
        raise HttpRefused(415, "Send the request as `Content-Type: application/json`, in UTF-8.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpRefused(415, "Compressed requests are not accepted.")
