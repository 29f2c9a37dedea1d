"""Pages answered again as long as the figures have not moved."""

from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indicator_api.resources import Resources
from shared.errors import DomainError
from shared.http.access import Caller, token_in
from shared.http.access import Scope as Right
from shared.http.etag import conditional

REMEMBERED = "/v1/summaries/"
# Together 16 MB at the most.
MOST_ANSWERS, MOST_BYTES = 256, 64 * 1024
# What an answer is made by besides its path and its caller; it says so itself, in Vary.
_VARIED_BY = (b"accept", b"accept-encoding", b"accept-language")


@dataclass(frozen=True)
class Answer:
    """A whole answer of status 200."""

    start: Message
    body: bytes


class RememberedAnswers:
    """Answers the same question of the same caller with the same bytes while the state of the figures is the same.

    The state is read for each request, so nobody waits for news; all answers of an older one are forgotten together.
    Nothing a summary says depends on the time of day. Who may not read is left to the route, which says why.
    """

    def __init__(self, app: ASGIApp, service: FastAPI) -> None:
        self._app = app
        self._service = service
        self._state: Hashable = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not remembered here."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(REMEMBERED):
            await self._app(scope, receive, send)
            return
        resources: Resources = self._service.state.resources
        # Of a header sent twice the first counts, as in the routes: else one reader's answer were kept for another.
        asked = dict(reversed(scope["headers"]))
        caller = await _reader(asked.get(b"authorization", b"").decode("latin-1"), resources)
        # Read before an answer is made: what is kept under a state may be newer than it, never older.
        state = None if caller is None else await resources.state()
        if state is None:
            await self._app(scope, receive, send)
            return
        key = (caller, scope["path"], scope["query_string"], *map(asked.get, _VARIED_BY))
        answer = self._find(key, state)
        if answer is None:
            answering = _Answering(send)
            await self._app(_unconditional(scope), receive, answering)
            if (answer := answering.answer) is None:
                return
            self._keep(key, answer, state)
        start, body = conditional(answer.start, answer.body, asked.get(b"if-none-match", b"").decode("latin-1"))
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _find(self, key: Hashable, state: Hashable) -> Answer | None:
        if state != self._state:
            self._answers.clear()
            self._state = state
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def _keep(self, key: Hashable, answer: Answer, state: Hashable) -> None:
        if state != self._state or len(answer.body) > MOST_BYTES:
            return
        self._answers[key] = answer
        if len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)


class _Answering:
    """Holds an answer of status 200 back until it is whole; passes every other on."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body: list[bytes] = []
        self.answer: Answer | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == httpx.codes.OK:
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                self.answer = Answer(self._start, b"".join(self._body))


async def _reader(authorization: str, resources: Resources) -> Caller | None:
    """Return who asks, None if it may not read figures; the same is asked again by the route that refuses it."""
    token = token_in(authorization)
    if token is None:
        return None
    with suppress(DomainError):
        caller = await resources.authenticator.caller_of(token)
        return caller if caller is not None and caller.may(Right.FIGURES_READ) else None
    return None


def _unconditional(scope: Scope) -> Scope:
    """Return the request without its condition: what is remembered must be whole."""
    return {**scope, "headers": [one for one in scope["headers"] if one[0] != b"if-none-match"]}
