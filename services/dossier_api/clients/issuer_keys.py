"""The public keys of the province's identity provider, as its JWKS document gives them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
from jwt import PyJWK, PyJWKSet, PyJWTError

from shared.clock import Clock
from shared.http.client import UpstreamNonsense, UpstreamUnavailable, get

SERVICE = "oidc_issuer"
# Asymmetric only: whoever can read the issuer's public keys must not be able to sign with them.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
RENEWED = timedelta(minutes=5)
# How long keys outlive an issuer that does not answer.
KEPT = timedelta(hours=1)
# However many tokens name keys nobody has, and however long the issuer is away, it is asked no oftener.
PAUSE = timedelta(seconds=10)
TIMEOUT_S = 3.0
NEVER = datetime.min.replace(tzinfo=UTC)


class IssuerKeys:
    """Asked when first needed, when five minutes old, and when a token names a key it does not hold."""

    def __init__(self, client: httpx.AsyncClient, url: str, clock: Clock) -> None:
        self._client = client
        self._url = url
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._read_at = self._asked_at = NEVER
        self._failure: UpstreamUnavailable | UpstreamNonsense | None = None
        self._turn = asyncio.Lock()

    async def find(self, key_id: str) -> PyJWK | None:
        """Return the key of this id, None where the issuer has none.

        Raises UpstreamUnavailable, UpstreamNonsense: without the issuer's word the key may be good or not.
        """
        if not self._is_fresh(key_id):
            # Who had to wait finds it done: nobody asks twice within the pause.
            async with self._turn:
                await self._renew()
            self._check(key_id)
        return self._keys.get(key_id)

    def _is_fresh(self, key_id: str) -> bool:
        return key_id in self._keys and self._clock.now() - self._read_at < RENEWED

    async def _renew(self) -> None:
        now = self._clock.now()
        if now - self._asked_at < PAUSE:
            return
        # Until it answers it has not, even if whoever asks goes away meanwhile.
        self._asked_at, self._failure = now, UpstreamUnavailable(SERVICE)
        try:
            self._keys, self._read_at = _keys_in(await get(self._client, self._url, service=SERVICE)), now
            self._failure = None
        except (UpstreamUnavailable, UpstreamNonsense) as failure:
            self._failure = failure

    def _check(self, key_id: str) -> None:
        """Fail as the last question did, unless a key read before it will do."""
        is_kept = key_id in self._keys and self._clock.now() - self._read_at < KEPT
        if self._failure and not is_kept:
            raise self._failure.with_traceback(None)


@asynccontextmanager
async def issuer_keys(
    url: str, clock: Clock, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[IssuerKeys]:
    """Open a client on the issuer; it trusts the machine's certificates, where a closed network keeps its own."""
    trust = ssl.create_default_context()
    async with httpx.AsyncClient(timeout=TIMEOUT_S, verify=trust, trust_env=False, transport=transport) as client:
        yield IssuerKeys(client, url, clock)


def _keys_in(answer: httpx.Response) -> dict[str, PyJWK]:
    """Return the keys that may sign tokens, by id; what is for other uses is left out."""
    try:
        told = PyJWKSet.from_json(answer.text).keys if answer.status_code == httpx.codes.OK else []
    except (ValueError, AttributeError, RecursionError, PyJWTError):
        told = []
    if not told:
        raise UpstreamNonsense(SERVICE, answer.status_code)
    return {key.key_id: key for key in told if isinstance(key.key_id, str) and _signs(key)}


def _signs(key: PyJWK) -> bool:
    return key.algorithm_name in ALGORITHMS and key.public_key_use != "enc"
