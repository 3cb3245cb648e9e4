"""Refusals before GraphQL has a say: always JSON in the form of a GraphQL answer, with a code."""

from typing import Any, Final

import orjson
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schema.guarding.masking import coded

GRAPHQL_JSON: Final = "application/graphql-response+json"

STATUS_BY_CODE: Final = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
}
"""Of an operation that was refused whole; what is not listed is the client's mistake, 400."""

_CODE_BY_STATUS: Final = {404: "NOT_FOUND", 408: "BAD_USER_INPUT", 429: "RATE_LIMITED"}


class HttpRefused(Exception):
    """The request ends here.

    Args:
        status: of the response.
        message: what was wrong and what would be right.
        headers: of the response.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def json_response(content: Any, status: int = 200, *, media_type: str = "application/json") -> Response:
    """Encode `content`; GraphQL's two media types are always UTF-8 and say so."""
    response = Response(orjson.dumps(content), status)
    response.headers["content-type"] = f"{media_type}; charset=utf-8"
    return response


def refusal_response(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """A response with one error."""
    code = _CODE_BY_STATUS.get(status, "INTERNAL" if status >= 500 else "BAD_USER_INPUT")  # noqa: PLR2004
    response = json_response({"errors": [{"message": message, "extensions": {"code": code}}]}, status)
    response.headers.update(headers or {})
    return response


def defect_response(error: Exception, request_id: str) -> Response:
    """What happened outside of any operation, through the same table as errors inside of one."""
    shown = coded(GraphQLError(str(error), original_error=error), request_id=request_id)
    code = str((shown.extensions or {})["code"])
    return json_response({"errors": [shown.formatted]}, STATUS_BY_CODE.get(code, 400))


async def starlette_refusal(_request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such path, wrong method) as JSON."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these alone
    return refusal_response(error.status_code, f"{error.detail}.", dict(error.headers or {}))
