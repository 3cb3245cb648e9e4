"""What all stand-ins for paid services share: an HTTP server on a loopback port, in a thread of its own.

A stand-in answers as the service's published interface says, remembers every call, and counts what the real
service would charge for. It misbehaves as told: `stand_in.tell("/v1/images", Fault(status=429))`.
"""

import asyncio
import json
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn
from starlette.types import Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form: `filename` is None where it is no file."""

    name: str
    data: bytes
    filename: str | None
    content_type: str

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(slots=True)
class Call:
    """A request as it was received.

    Attributes:
        headers: by their names in lower case.
        told: what `Fault.told` says to whoever answers this call; empty for nothing.
        is_abandoned: the client went away before the answer was whole.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    told: str = ""
    is_abandoned: bool = False

    def json(self) -> Any:
        return json.loads(self.body)

    def parts(self) -> list[Part]:
        """The fields of a multipart form, in their order."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = message_from_bytes(head + self.body)
        assert message.is_multipart(), self.headers["content-type"]
        found = []
        for part in message.get_payload():
            assert not isinstance(part, str)
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            found.append(
                Part(
                    name=str(part.get_param("name", header="content-disposition")),
                    data=data,
                    filename=part.get_filename(),
                    content_type=part.get_content_type(),
                )
            )
        return found

    @property
    def key(self) -> str:
        """The key that came with it, wherever services look for one."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ").removeprefix("Token ")
        return bearer or self.headers.get("xi-api-key", "")


@dataclass(slots=True)
class Answer:
    """What is sent back. `is_paid` marks what a real service charges for.

    `chunks` are sent one by one, `pause_s` apart, in the place of `body`.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Sequence[bytes] | None = None
    pause_s: float = 0.0
    is_paid: bool = False


def json_answer(value: Any, *, status: int = 200, is_paid: bool = False) -> Answer:
    return Answer(json.dumps(value).encode(), status=status, is_paid=is_paid)


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call goes wrong; what is not set stays as it would be.

    Args:
        status: answered at once in the place of the true answer, which is then neither made nor paid.
        body: with `status`; None lets the stand-in word it as its service does.
        headers: added to the answer's.
        delay_s: before the answer's first byte.
        pause_s: between the chunks of a streamed answer.
        cut_after: bytes of the body that are sent before the connection closes; the answer is paid.
        drops: the connection closes without an answer; nothing is paid.
        change: what becomes of the answer's body.
        told: a word to the stand-in that makes the answer, such as `refuse`.
    """

    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    pause_s: float | None = None
    cut_after: int | None = None
    drops: bool = False
    change: Callable[[bytes], bytes] | None = None
    told: str = ""


class StandIn(ABC):
    """A paid service's double; enter it with `with` or `async with`.

    Attributes:
        url: where it is, without a path or a slash at the end.
        calls: all that were received.
        paid: those whose answers cost money.
        most_at_once: by key, how many calls were under way together.
        failures: what went wrong in the stand-in itself, such as a request that breaks the service's rules;
            leaving the stand-in raises them.
    """

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.paid: list[Call] = []
        self.most_at_once: Counter[str] = Counter()
        self.failures: list[Exception] = []
        self._under_way: Counter[str] = Counter()
        self._faults: list[tuple[str, Fault]] = []
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    async def answer(self, call: Call) -> Answer:
        """The true answer to a call."""

    @abstractmethod
    def refusal(self, status: int, call: Call) -> Answer:
        """An error of that status, worded as the service words it."""

    def tell(self, path: str, *faults: Fault, times: int = 1) -> None:
        """The next calls whose path contains `path` go wrong, one fault each, the whole row `times` over."""
        self._faults += [(path, fault) for _ in range(times) for fault in faults]

    def forget(self) -> None:
        """As new: no calls, no faults, nothing paid."""
        self.calls.clear()
        self.paid.clear()
        self.most_at_once.clear()
        self._faults.clear()

    def calls_to(self, path: str) -> list[Call]:
        return [call for call in self.calls if path in call.path]

    def __enter__(self) -> Self:
        config = uvicorn.Config(
            self._serve,
            port=0,
            interface="asgi3",
            lifespan="off",
            loop="asyncio",
            ws="none",
            log_level="critical",
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the stand-in did not start"
            self._thread.join(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()
        if self.failures:
            raise ExceptionGroup("the stand-in's own failures", self.failures)

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.__exit__)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await _received(scope, receive)
        fault = self._fault(call.path)
        call.told = fault.told
        self.calls.append(call)
        self._under_way[call.key] += 1
        self.most_at_once[call.key] = max(self.most_at_once[call.key], self._under_way[call.key])
        gone = asyncio.create_task(_gone(receive))
        sending = asyncio.create_task(self._respond(call, fault, receive, send))
        try:
            await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
            call.is_abandoned = not sending.done()
            if sending.done():
                sending.result()
        finally:
            self._under_way[call.key] -= 1
            for task in (gone, sending):
                task.cancel()
                with suppress(asyncio.CancelledError, _Cut):
                    await task

    def _fault(self, path: str) -> Fault:
        for index, (part, fault) in enumerate(self._faults):
            if part in path:
                del self._faults[index]
                return fault
        return Fault()

    async def _respond(self, call: Call, fault: Fault, receive: Receive, send: Send) -> None:
        if fault.drops:
            _abort(receive)
            return
        await asyncio.sleep(fault.delay_s)
        if fault.status is None:
            answer = await self._true_answer(call)
        elif fault.body is None:
            answer = self.refusal(fault.status, call)
        else:
            answer = Answer(fault.body, status=fault.status)
        if answer.is_paid:
            self.paid.append(call)
        if fault.change is not None:
            answer.body = fault.change(answer.body if answer.chunks is None else b"".join(answer.chunks))
            answer.chunks = None
        await _send(answer, fault, send)

    async def _true_answer(self, call: Call) -> Answer:
        try:
            return await self.answer(call)
        except Exception as error:
            self.failures.append(error)
            raise


class _Cut(Exception):
    """Ends a response before its end: uvicorn then closes the connection."""


async def _send(answer: Answer, fault: Fault, send: Send) -> None:
    chunks = [answer.body] if answer.chunks is None else list(answer.chunks)
    headers = {"content-type": answer.content_type, **answer.headers, **fault.headers}
    if answer.chunks is None:
        headers.setdefault("content-length", str(len(answer.body)))
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    left = fault.cut_after
    for index, whole in enumerate(chunks):
        if index:
            await asyncio.sleep(answer.pause_s if fault.pause_s is None else fault.pause_s)
        chunk = whole if left is None else whole[:left]
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if left is not None:
            left -= len(chunk)
            if left <= 0:
                raise _Cut
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _received(scope: Scope, receive: Receive) -> Call:
    body = b""
    while True:
        message: Message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return Call(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode())),
        headers={name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
    )


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _abort(receive: Receive) -> None:
    receive.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's own request, bound to it
