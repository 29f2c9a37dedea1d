"""Strong ETags for every read, from the bytes answered and who was answered."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.compression import compressed


class ETagMiddleware:
    """Gives each successful GET an ETag and answers 304 where the reader already has it.

    Rule: contract section 1, an ETag derives from content and scope: the caller's key is part of
    the hash, so that equal tags never tell one client what another one sees.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything but GET through untouched."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Tagging(scope, send))


class _Tagging:
    """Holds a response back until its body is whole, then tags it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message = {}
        self._body: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start["status"] != 200:
            await self._flush_start()
            await self._send(message)
            return
        self._body.append(message.get("body", b""))
        if not message.get("more_body", False):
            await self._finish(b"".join(self._body))

    async def _flush_start(self) -> None:
        if self._start.get("sent"):
            return
        await self._send(self._start)
        self._start["sent"] = True

    async def _finish(self, body: bytes) -> None:
        tag = self._tag(body)
        headers = MutableHeaders(raw=self._start["headers"])
        asked = Headers(scope=self._scope)
        packed = compressed(body, asked=asked, answered=headers)
        if packed is not None:
            # Rule: RFC 9110 section 8.8.3.3, another coding of the same content has another strong tag.
            body, tag = packed, f'{tag[:-1]}-gzip"'
            headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(packed))
        headers["ETag"] = tag
        headers.setdefault("Cache-Control", "private, no-cache")
        headers.add_vary_header("Accept, Accept-Encoding, Accept-Language, Authorization")
        start, body = conditional(self._start, body, asked.get("if-none-match", ""))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _tag(self, body: bytes) -> str:
        caller = str(self._scope.get("state", {}).get("caller_id", ""))
        content = hashlib.sha256(caller.encode() + b"\0" + body)
        return f'"{content.hexdigest()[:32]}"'


def conditional(start: Message, body: bytes, known: str) -> tuple[Message, bytes]:
    """Return a tagged answer as it goes out: 304 and no body where `If-None-Match` says the reader has it already."""
    headers = MutableHeaders(raw=list(start["headers"]))
    if headers["etag"] not in known and known.strip() != "*":
        return start, body
    del headers["content-length"], headers["content-encoding"]
    return {**start, "status": 304, "headers": headers.raw}, b""
