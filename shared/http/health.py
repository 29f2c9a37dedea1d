"""Liveness without I/O, readiness with it."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request

from shared.errors import DomainError
from shared.http.languages import Text
from shared.http.problems import PROBLEM, ProblemType

Check = Callable[[], Awaitable[bool]]

router = APIRouter(tags=["health"])


class NotReady(DomainError):
    """Something the service needs does not answer."""

    code = "not-ready"

    def __init__(self, failed: list[str]) -> None:
        super().__init__(f"not ready: {', '.join(failed)}")
        self.failed = failed


HEALTH_PROBLEMS: dict[type[DomainError], ProblemType] = {
    NotReady: ProblemType(
        503,
        Text("Chưa sẵn sàng", "Not ready"),
        Text("Các phần chưa đáp ứng: {failed}. Hãy thử lại sau.", "These do not answer: {failed}. Try again."),
        headers={"Retry-After": "1"},
    )
}


@router.get("/livez", operation_id="get_livez")
async def get_livez() -> dict[str, str]:
    """Answer as long as the process turns."""
    return {"status": "alive"}


@router.get("/readyz", operation_id="get_readyz", responses={503: PROBLEM})
async def get_readyz(request: Request) -> dict[str, str]:
    """Answer once everything the service needs answers."""
    checks: Mapping[str, Check] = request.app.state.resources.checks
    failed = [name for name, check in checks.items() if not await check()]
    if failed:
        raise NotReady(failed)
    return {"status": "ready"}
