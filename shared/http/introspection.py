"""Who a bearer token belongs to, asked of dossier_api, which issues them."""

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256

import httpx
from pydantic import ValidationError

from shared.clock import Clock
from shared.contracts.keys import WhoAmIV1
from shared.http.access import Caller
from shared.http.client import UpstreamNonsense, get

REMEMBERED = timedelta(seconds=30)
MOST_REMEMBERED = 10_000
SERVICE = "dossier_api"


class Introspection:
    """Asks dossier_api once per token and 30 s: a revoked key is dead everywhere within that time."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        # By hash, so that no live secret lies in memory longer than its request.
        self._answers: OrderedDict[bytes, tuple[datetime, Caller | None]] = OrderedDict()

    async def caller_of(self, token: str) -> Caller | None:
        """Return the caller, or None for a token that is not good.

        Raises UpstreamUnavailable when dossier_api does not answer and nothing is remembered.
        """
        name, now = sha256(token.encode()).digest(), self._clock.now()
        if (known := self._answers.get(name)) and now - known[0] < REMEMBERED:
            return _unless_expired(known[1], now)
        caller = await self._ask(token)
        self._answers[name] = (now, caller)
        self._answers.move_to_end(name)
        if len(self._answers) > MOST_REMEMBERED:
            self._answers.popitem(last=False)
        return _unless_expired(caller, now)

    async def _ask(self, token: str) -> Caller | None:
        try:
            headers = {"Authorization": f"Bearer {token}"}
            answer = await get(self._client, "/v1/whoami", service=SERVICE, headers=headers)
        except UnicodeEncodeError:
            return None
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            return None
        if answer.status_code != httpx.codes.OK:
            raise UpstreamNonsense(SERVICE, answer.status_code)
        return _caller(answer)


def _caller(answer: httpx.Response) -> Caller:
    try:
        who = WhoAmIV1.model_validate_json(answer.content)
    except ValidationError as error:
        raise UpstreamNonsense(SERVICE, answer.status_code) from error
    return Caller(who.id, who.name, who.unit_code, frozenset(who.scopes), who.expires_at)


def _unless_expired(caller: Caller | None, now: datetime) -> Caller | None:
    if caller and caller.expires_at and caller.expires_at <= now:
        return None
    return caller
