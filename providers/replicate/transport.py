"""What lies below Replicate's own client: what goes wrong is raised at once, in our words, nothing is lost.

The client by itself asks up to ten times again without telling anybody, drops `Retry-After`, and (1.0.7)
cannot read the state `aborted`, not even in a list of other predictions.
"""

import json
from http import HTTPStatus
from typing import Any

import httpx

from providers.errors import InvalidRequest, KeyRefused, ProviderBusy, ProviderError, ProviderUnavailable
from providers.patience import asked_wait_s
from providers.replicate.options import KEY_SETTING, NAME

_MOST_OF_A_REASON = 300


class Missing(ProviderUnavailable):
    """What was asked for is not there, or no more."""


class PlainTransport(httpx.AsyncHTTPTransport):
    """Answers what succeeded; raises all else as errors of `providers.errors`."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it once."""
        try:
            response = await super().handle_async_request(request)
            response.request = request
            if response.is_error or response.is_redirect:
                await response.aread()
                raise translated(response)
            if request.method == "GET" and request.url.path.partition("/v1/")[2].startswith("predictions"):
                return await _readable(response)
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        return response


def unreachable(error: Exception) -> ProviderUnavailable:
    """For a connection that failed or ended early."""
    return ProviderUnavailable(NAME, f"the connection failed ({type(error).__name__}).")


def translated(response: httpx.Response) -> ProviderError:
    """What an answer that is no success means. Its body has been read."""
    problem = _problem(response)
    why = _reason(problem, response)
    wait_s = _retry_after_s(response, problem)
    error: ProviderError
    match response.status_code:
        case HTTPStatus.TOO_MANY_REQUESTS:
            error = ProviderBusy(NAME, why, retry_after_s=wait_s)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            error = KeyRefused(
                NAME,
                f"{why} Set {KEY_SETTING} to a token that it takes; one of your own, or of your company's, "
                "is saved anew with saveProviderKey.",
            )
        case HTTPStatus.PAYMENT_REQUIRED:
            error = KeyRefused(NAME, f"{why} The account of this token needs credit at Replicate.")
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            error = Missing(NAME, why, retryable=False)
        case HTTPStatus.BAD_REQUEST | HTTPStatus.UNPROCESSABLE_ENTITY:
            error = InvalidRequest(_field(problem), why)
        case status:
            retryable = response.is_server_error or status == HTTPStatus.REQUEST_TIMEOUT
            error = ProviderUnavailable(NAME, why, retryable=retryable, retry_after_s=wait_s)
    return error


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _reason(problem: dict[str, Any], response: httpx.Response) -> str:
    said = problem.get("detail") or problem.get("title") or f"it answered {response.status_code}"
    line = " ".join(str(said).split()).rstrip(".")
    key = response.request.headers.get("authorization", "").removeprefix("Bearer ")
    return (line.replace(key, "[token]") if key else line)[:_MOST_OF_A_REASON] + "."


def _field(problem: dict[str, Any]) -> str:
    """The input that is wrong, as the model calls it; `input` where none is named."""
    invalid = problem.get("invalid_fields")
    if isinstance(invalid, list) and invalid and isinstance(invalid[0], dict):
        return str(invalid[0].get("field", "input")).removeprefix("input.")
    return "input"


def _retry_after_s(response: httpx.Response, problem: dict[str, Any]) -> float | None:
    told = problem.get("retry_after")
    return asked_wait_s(response.headers) or (float(told) if isinstance(told, int | float) else None)


async def _readable(response: httpx.Response) -> httpx.Response:
    """An answer with predictions in which `aborted` (ended before it began) reads `canceled`."""
    body = await response.aread()
    if b'"aborted"' in body:
        answer = json.loads(body)
        for prediction in answer.get("results", [answer]):
            if prediction.get("status") == "aborted":
                prediction["status"] = "canceled"
        body = json.dumps(answer).encode()
    return httpx.Response(
        response.status_code,
        headers={"content-type": response.headers.get("content-type", "application/json")},
        content=body,
        request=response.request,
    )
