"""A limit on request bodies whose refusal is a problem document like every other.

The framework's own limit answers in plain text before our handlers are asked.
"""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413


class BodyLimitMiddleware:
    """Refuses a body longer than `max_bytes`, by what it declares or by what arrives, as soon as it is read."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        read = int(declared) if declared.isdecimal() and int(declared) > self._max_bytes else 0

        async def counted() -> Message:
            nonlocal read
            message = await receive() if read <= self._max_bytes else {}
            read += len(message.get("body", b""))
            if read > self._max_bytes:
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, counted, send)
