"""Reading CloudEvents 1.0: structured, binary, batch and NDJSON, each event on its own.

Rule: CloudEvents 1.0.2 with its HTTP and JSON formats; contract section 3.
"""

import hashlib
import re
import urllib.parse
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from starlette.datastructures import Headers

from dossier_api.domain.errors import UnsupportedEventFormat
from dossier_api.domain.events import CODE, DATA_OF, Event, EventData, EventKind, decode_data, kind_of
from dossier_api.domain.recording import Posted
from dossier_api.routes.bodies import NO_CONTROLS
from shared.errors import InvalidRequest
from shared.http.access import Caller

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
JSON = "application/json"
_EARLIEST, _LATEST = date(2000, 1, 2), date(2059, 12, 31)
# Ten years, as of a procedure's term: a later date is a typing error, and the calendar must reach it.
_FURTHEST = timedelta(days=3_650)

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The attributes every event must have; extension attributes are let pass and not kept."""

    specversion: Literal["1.0"]
    id: Text
    source: Text
    type: Text
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    subject: Text
    data: msgspec.Raw = msgspec.Raw(b"{}")


@dataclass(frozen=True)
class Unreadable:
    """One event of a batch that is not an event; `id` if at least that could be read."""

    id: str | None
    error: InvalidRequest


_ENVELOPE = msgspec.json.Decoder(Envelope)
_RAW = msgspec.json.Decoder(msgspec.Raw)
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_UNREADABLE = (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ENCODE = msgspec.json.Encoder().encode
# How attributes are spelled, asked here and not of the decoder, whose patterns cost as much as all else it does.
# Rule: CloudEvents 1.0.2, type system: a string has no control characters.
_IS_TEXT = re.compile(NO_CONTROLS).fullmatch
# A dossier is read at a path of its own, so its code has no slash.
_IS_CODE = re.compile(CODE).fullmatch
_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")


@dataclass(frozen=True)
class EventReader:
    """Reads events for one caller."""

    caller: Caller
    zone: ZoneInfo

    def read(self, raw: bytes | msgspec.Raw, place: str = "") -> Posted | Unreadable:
        """Read one structured event; `place` points to it in the body."""
        try:
            envelope = _ENVELOPE.decode(raw)
        except _UNREADABLE as error:
            return Unreadable(_id_in(raw), _error(error, place))
        return self._posted(envelope, place)

    def read_batch(self, body: bytes) -> list[Posted | Unreadable]:
        """Read a JSON array of events; raises InvalidRequest when the body is not an array."""
        try:
            raws = _RAW_LIST.decode(body)
        except _UNREADABLE as error:
            raise _error(error, "") from error
        return [self.read(raw, f"/{place}") for place, raw in enumerate(raws)]

    def read_binary(self, headers: Headers, body: bytes) -> Posted | Unreadable:
        """Read an event whose attributes are `ce-` headers and whose data is the body."""
        attributes = {
            name[3:]: urllib.parse.unquote(value) for name, value in headers.items() if name.startswith("ce-")
        }
        try:
            data = _RAW.decode(body or b"{}")
        except _UNREADABLE as error:
            return Unreadable(attributes.get("id"), _error(error, "/data"))
        return self.read(_ENCODE({**attributes, "data": data}))

    def _posted(self, envelope: Envelope, place: str) -> Posted | Unreadable:
        if not (_IS_TEXT(envelope.id) and _IS_TEXT(envelope.source) and _IS_CODE(envelope.subject)):
            return Unreadable(envelope.id, _misspelled(envelope, place))
        try:
            kind = kind_of(envelope.type)
        except KeyError:
            known = ", ".join(DATA_OF)
            detail = f"unknown type {envelope.type}; known are vn.motcua.dossier.<name>.v1 with {known}"
            return Unreadable(envelope.id, InvalidRequest.at_pointer(f"#{place}/type", detail))
        if not _EARLIEST <= envelope.time.date() <= _LATEST:
            detail = f"no calendar is kept but from {_EARLIEST:%Y-%m-%d} to {_LATEST:%Y-%m-%d}"
            return Unreadable(envelope.id, InvalidRequest.at_pointer(f"#{place}/time", detail))
        try:
            data = decode_data(kind, b"{}" if envelope.data == b"null" else bytes(envelope.data))
        except _UNREADABLE as error:
            return Unreadable(envelope.id, _error(error, f"{place}/data"))
        if not _is_within_reach(data, envelope.time):
            detail = f"later than {_FURTHEST.days} days after the event, or before {_EARLIEST:%Y-%m-%d}"
            return Unreadable(envelope.id, InvalidRequest.at_pointer(f"#{place}/data/due_at", detail))
        return self._of(envelope, kind, data)

    def _of(self, envelope: Envelope, kind: EventKind, data: EventData) -> Posted:
        at = envelope.time.astimezone(self.zone)
        event = Event(envelope.source, envelope.id, kind, at, envelope.subject, data)
        text = _ENCODE(data)
        return Posted(event, content_hash(event, text), text.decode(), self.caller.id, self.caller.unit_code)


def _misspelled(envelope: Envelope, place: str) -> InvalidRequest:
    """Say which attribute of an event is not spelled as it must be."""
    for name in ("id", "source"):
        if not _IS_TEXT(getattr(envelope, name)):
            return InvalidRequest.at_pointer(f"#{place}/{name}", "has a control character")
    return InvalidRequest.at_pointer(f"#{place}/subject", f"is not spelled {CODE}")


def _is_within_reach(data: EventData, at: datetime) -> bool:
    """Say whether the calendar reaches the date an event prints, if it prints one."""
    due_at: datetime | None = getattr(data, "due_at", None)
    return due_at is None or (due_at.date() >= _EARLIEST and due_at <= at + _FURTHEST)


def content_hash(event: Event, data: bytes) -> bytes:
    """Return 16 bytes over everything an event says, whatever the order and spelling of its members."""
    said = "\0".join((event.kind, _utc_text(event.at), event.dossier)).encode()
    return hashlib.blake2b(said + b"\0" + data, digest_size=16).digest()


def _utc_text(at: datetime) -> str:
    """Return an instant as `isoformat` spells it in UTC, which takes three times as long to say so."""
    return f"{msgspec.to_builtins(at.astimezone(UTC))[:-1]}+00:00"


async def lines_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the non-empty lines of a stream, whole, however it is cut into chunks."""
    held: list[bytes] = []
    async for chunk in chunks:
        held.append(chunk)
        if b"\n" in chunk:
            *lines, rest = b"".join(held).split(b"\n")
            held = [rest]
            for line in lines:
                if line.strip():
                    yield line
    if rest := b"".join(held).strip():
        yield rest


def media_type_of(headers: Headers) -> str:
    """Return the media type that decides how a body is read, JSON for binary mode; raises UnsupportedEventFormat.

    Plain JSON without `ce-` headers is read as a structured event or batch, for those who type by hand.
    """
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in {EVENT, BATCH, LINES}:
        return media_type
    if "ce-specversion" in headers:
        return JSON
    if media_type == JSON:
        return ""
    raise UnsupportedEventFormat(media_type)


def _error(error: Exception, place: str) -> InvalidRequest:
    """Say where in the body an error lies, as a JSON pointer."""
    text = str(error)
    found = _PATH.search(text)
    path = "".join(f"/{part}" for part in _parts(found["path"])) if found else ""
    return InvalidRequest.at_pointer(f"#{place}{path}", _PATH.sub("", text))


def _parts(path: str) -> Iterator[str]:
    yield from (part for part in re.split(r"[.\[\]]+", path) if part)


def _id_in(raw: bytes | msgspec.Raw) -> str | None:
    try:
        found: Any = msgspec.json.decode(raw)
    except _UNREADABLE:
        return None
    event_id = found.get("id") if isinstance(found, dict) else None
    return event_id if isinstance(event_id, str) else None
