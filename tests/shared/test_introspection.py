from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.http.access import Caller, Scope
from shared.http.client import UpstreamNonsense, UpstreamUnavailable
from shared.http.introspection import REMEMBERED, Introspection

NOON = datetime(2020, 6, 1, 5, 0, tzinfo=UTC)
TOKEN = "mc_test_1_secret"
WHO: dict[str, Any] = {
    "id": "1",
    "name": "counter 2",
    "unit_code": "H35.12",
    "scopes": ["figures:read"],
    "expires_at": None,
}
CALLER = Caller("1", "counter 2", "H35.12", frozenset({Scope.FIGURES_READ}), None)


@dataclass
class DossierApi:
    """Stands for dossier_api; counts who asks, and answers what it is told to."""

    answer: Callable[[httpx.Request], httpx.Response]
    asked: list[str] = field(default_factory=list)
    at: datetime = NOON

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/whoami"
        self.asked.append(request.headers["authorization"])
        return self.answer(request)

    def now(self) -> datetime:
        return self.at

    def introspection(self) -> Introspection:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self), base_url="http://dossier")
        return Introspection(client, self)


def known(**changes: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(200, json={**WHO, **changes})


def down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def status(code: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(code, json={})


async def test_a_token_is_asked_for_once_in_thirty_seconds() -> None:
    api = DossierApi(known())
    introspection = api.introspection()

    callers = []
    for after in (timedelta(), REMEMBERED - timedelta(microseconds=1), REMEMBERED):
        api.at = NOON + after
        callers.append(await introspection.caller_of(TOKEN))

    assert callers == [CALLER] * 3
    assert api.asked == [f"Bearer {TOKEN}"] * 2


async def test_each_token_is_asked_for_by_itself() -> None:
    api = DossierApi(lambda request: known(id=request.headers["authorization"][-1])(request))
    introspection = api.introspection()

    found = [await introspection.caller_of(token) for token in ("a", "b", "a")]

    assert [caller and caller.id for caller in found] == ["a", "b", "a"]
    assert len(api.asked) == 2


async def test_a_revoked_key_is_dead_thirty_seconds_later() -> None:
    api = DossierApi(known())
    introspection = api.introspection()
    await introspection.caller_of(TOKEN)

    api.answer, api.at = status(401), NOON + REMEMBERED

    assert await introspection.caller_of(TOKEN) is None


async def test_a_bad_token_is_remembered_as_bad() -> None:
    api = DossierApi(status(401))
    introspection = api.introspection()

    assert [await introspection.caller_of(TOKEN) for _ in range(3)] == [None] * 3
    assert len(api.asked) == 1


async def test_a_key_that_expires_meanwhile_is_dead_at_once() -> None:
    expires_at = NOON + timedelta(seconds=10)
    api = DossierApi(known(expires_at=expires_at.isoformat()))
    introspection = api.introspection()

    alive = await introspection.caller_of(TOKEN)
    api.at = expires_at
    dead = await introspection.caller_of(TOKEN)

    assert (alive is not None, dead, len(api.asked)) == (True, None, 1)


async def test_a_remembered_caller_outlives_a_short_failure() -> None:
    api = DossierApi(known())
    introspection = api.introspection()
    await introspection.caller_of(TOKEN)

    api.answer = down

    assert await introspection.caller_of(TOKEN) == CALLER


@pytest.mark.parametrize("failing", [pytest.param(down, id="no-answer"), pytest.param(status(503), id="503")])
async def test_without_dossier_api_nobody_new_is_known(failing: Callable[[httpx.Request], httpx.Response]) -> None:
    introspection = DossierApi(failing).introspection()

    with pytest.raises(UpstreamUnavailable):
        await introspection.caller_of(TOKEN)


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(status(200), id="empty"),
        pytest.param(status(404), id="404"),
        pytest.param(known(scopes=["all"]), id="unknown-scope"),
        pytest.param(known(expires_at="2020-06-01T00:00:00"), id="expiry-without-offset"),
        pytest.param(lambda _: httpx.Response(200, text="<html>"), id="no-json"),
    ],
)
async def test_an_answer_outside_the_contract_is_nonsense(
    nonsense: Callable[[httpx.Request], httpx.Response],
) -> None:
    with pytest.raises(UpstreamNonsense):
        await DossierApi(nonsense).introspection().caller_of(TOKEN)


async def test_a_failure_is_not_remembered() -> None:
    api = DossierApi(down)
    introspection = api.introspection()
    with pytest.raises(UpstreamUnavailable):
        await introspection.caller_of(TOKEN)

    api.answer = known()

    assert await introspection.caller_of(TOKEN) == CALLER


async def test_a_token_that_is_no_ascii_is_nobody_s() -> None:
    assert await DossierApi(known()).introspection().caller_of("khóa") is None


async def test_only_so_many_tokens_are_remembered_the_oldest_going_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.http.introspection.MOST_REMEMBERED", 2)
    api = DossierApi(status(401))
    introspection = api.introspection()

    for token in ("a", "b", "c", "b", "a"):
        await introspection.caller_of(token)

    assert api.asked == ["Bearer a", "Bearer b", "Bearer c", "Bearer a"]
