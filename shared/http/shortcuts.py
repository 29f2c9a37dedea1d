"""A shorter way to what is asked a thousand times a second.

To find a route and its arguments takes the framework longer than most of these routes take to answer.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import DomainError
from shared.http.problems import ProblemCatalogue

# Answers like the route it leads to; None, before the body is read, leaves the request to that route.
Shortcut = Callable[[Request], Awaitable[Response | None]]
# By method and path, as the router that declares the route knows it.
Shortcuts = Mapping[tuple[str, str], Shortcut]


class ShortcutMiddleware:
    """Answers what has a shortcut, errors with the same problems as everywhere, and passes all else on."""

    def __init__(self, app: ASGIApp, shortcuts: Shortcuts, problems: ProblemCatalogue) -> None:
        self._app = app
        self._shortcuts = shortcuts
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look for a shortcut."""
        shortcut = self._shortcuts.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        answer = await self._answer(shortcut, Request(scope, receive)) if shortcut else None
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, shortcut: Shortcut, request: Request) -> Response | None:
        try:
            return await shortcut(request)
        except (DomainError, HTTPException) as error:
            return self._problems.response(error, request)
