"""Counters post events here."""

import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from dossier_api.domain.recording import Outcome, Posted, Verdict
from dossier_api.resources import Resources
from dossier_api.routes import cloud_events
from dossier_api.routes.cloud_events import EventReader, Unreadable, lines_of, media_type_of
from dossier_api.routes.dependencies import ResourcesDep
from shared.errors import DomainError
from shared.http.access import Caller, Scope, authenticated, requires
from shared.http.languages import Language, language_of
from shared.http.problems import PROBLEM, Problem, ProblemCatalogue
from shared.http.shortcuts import Shortcuts

router = APIRouter(tags=["events"])

# So many lines of an NDJSON stream are held and recorded together.
LINES_TOGETHER = 1_000


class EventResult(BaseModel):
    """What became of one event.  `position` is its place on the feed."""

    id: str | None
    status: Verdict
    position: int | None
    dossier: str | None
    problem: Problem | None


class EventResults(BaseModel):
    """One result per event, in the order posted."""

    results: list[EventResult]


_EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time", "subject"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "maxLength": 256},
        "source": {"type": "string", "maxLength": 256},
        "type": {"type": "string", "pattern": r"^vn\.motcua\.dossier\.[a-z_]+\.v1$"},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "description": "dossier code"},
        "data": {"type": "object"},
    },
    "example": {
        "specversion": "1.0",
        "id": "c2-000417",
        "source": "/units/H35.12/counters/2",
        "type": "vn.motcua.dossier.accepted.v1",
        "time": "2020-06-01T09:12:00+07:00",
        "subject": "000.01.12.H35-200601-0001",
        "data": {"procedure_code": "1.001193", "unit_code": "H35.12", "channel": "direct"},
    },
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            cloud_events.EVENT: {"schema": _EVENT_SCHEMA},
            cloud_events.BATCH: {"schema": {"type": "array", "items": _EVENT_SCHEMA}},
            cloud_events.LINES: {"schema": {"type": "string", "description": "one event a line"}},
            cloud_events.JSON: {"schema": {"oneOf": [_EVENT_SCHEMA, {"type": "array", "items": _EVENT_SCHEMA}]}},
        },
    }
}


class Answers:
    """Turns outcomes into results in the caller's language."""

    def __init__(self, problems: ProblemCatalogue, language: Language) -> None:
        self._problems = problems
        self._language = language

    def result(self, event_id: str | None, outcome: Outcome | DomainError) -> dict[str, Any]:
        """Return one result as JSON values."""
        if isinstance(outcome, DomainError):
            outcome = Outcome(Verdict.REJECTED, None, "", outcome)
        return {
            "id": event_id,
            "status": outcome.verdict,
            "position": outcome.position,
            "dossier": outcome.dossier or None,
            "problem": self._problems.document(outcome.error, self._language) if outcome.error else None,
        }


def answers_of(request: Request) -> Answers:
    """Return the answers in the language of a request."""
    return Answers(request.app.state.problems, language_of(request))


@router.post(
    "/events",
    operation_id="post_events",
    response_model=EventResults,
    responses=dict.fromkeys((404, 409, 413, 415), PROBLEM),
    openapi_extra=_BODY,
)
async def post_events(
    request: Request, resources: ResourcesDep, caller: Annotated[Caller, requires(Scope.EVENTS_WRITE)]
) -> Response:
    """Record one event, or many.

    A single event that is rejected is answered with its problem; many are always 200 with one result each.
    """
    reader = EventReader(caller, resources.zone)
    answers = answers_of(request)
    match media_type_of(request.headers):
        case cloud_events.LINES:
            return await _record_lines(request, reader, answers, resources)
        case cloud_events.BATCH:
            return await _record_many(reader.read_batch(await request.body()), answers, resources)
        case cloud_events.JSON:
            return await _record_one(reader.read_binary(request.headers, await request.body()), answers, resources)
        case cloud_events.EVENT:
            return await _record_one(reader.read(await request.body()), answers, resources)
        case _:
            body = await request.body()
            if body.lstrip().startswith(b"["):
                return await _record_many(reader.read_batch(body), answers, resources)
            return await _record_one(reader.read(body), answers, resources)


async def _post_directly(request: Request) -> Response:
    caller = await authenticated(request, Scope.EVENTS_WRITE)
    return await post_events(request, request.app.state.resources, caller)


shortcuts: Shortcuts = {("POST", "/events"): _post_directly}


async def _record_one(read: Posted | Unreadable, answers: Answers, resources: Resources) -> Response:
    if isinstance(read, Unreadable):
        raise read.error
    [outcome] = await resources.intake.record([read])
    if outcome.error is not None:
        raise outcome.error
    return _results([answers.result(read.event.id, outcome)])


async def _record_many(read: Sequence[Posted | Unreadable], answers: Answers, resources: Resources) -> Response:
    return _results(await _recorded(read, answers, resources))


async def _record_lines(request: Request, reader: EventReader, answers: Answers, resources: Resources) -> Response:
    """Record an NDJSON stream as it comes; only the answers are held until its end, packed to a tenth.

    Answering earlier would deadlock with a client that reads nothing before all is sent.
    """
    packed: list[bytes] = []
    waiting: list[Posted | Unreadable] = []
    place = 0
    async for line in lines_of(request.stream()):
        waiting.append(reader.read(line, f"/{place}"))
        place += 1
        if len(waiting) == LINES_TOGETHER:
            packed.append(_packed(await _recorded(waiting, answers, resources)))
            waiting.clear()
    if waiting:
        packed.append(_packed(await _recorded(waiting, answers, resources)))
    return StreamingResponse(_unpacked(packed), media_type=cloud_events.JSON)


async def _recorded(
    read: Sequence[Posted | Unreadable], answers: Answers, resources: Resources
) -> list[dict[str, Any]]:
    readable = [one for one in read if not isinstance(one, Unreadable)]
    outcomes = iter(await resources.intake.record(readable) if readable else [])
    return [
        answers.result(one.id, one.error)
        if isinstance(one, Unreadable)
        else answers.result(one.event.id, next(outcomes))
        for one in read
    ]


def _results(results: list[dict[str, Any]]) -> Response:
    return Response(msgspec.json.encode({"results": results}), media_type=cloud_events.JSON)


def _packed(results: list[dict[str, Any]]) -> bytes:
    """Return results without the brackets of their array, compressed."""
    return zlib.compress(msgspec.json.encode(results)[1:-1], level=1)


async def _unpacked(packed: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Yield the body that packed results make, a part at a time."""
    yield b'{"results":['
    for place, part in enumerate(packed):
        yield (b"," if place else b"") + zlib.decompress(part)
    yield b"]}"
