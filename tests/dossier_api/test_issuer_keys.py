"""The issuer is asked for its keys when needed, and cannot be made to answer oftener."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from dossier_api.clients.issuer_keys import KEPT, PAUSE, RENEWED, IssuerKeys
from shared.http.client import UpstreamNonsense, UpstreamUnavailable
from tests.dossier_api.identity_provider import JWKS_URL, IdentityProvider, ec_key, rsa_key
from tests.dossier_api.serving import SettableClock

TINY = timedelta(microseconds=1)


@pytest.fixture
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def keys(provider: IdentityProvider, clock: SettableClock) -> IssuerKeys:
    return IssuerKeys(httpx.AsyncClient(transport=provider.transport), JWKS_URL, clock)


async def found(keys: IssuerKeys, *key_ids: str) -> list[bool]:
    """Say which of these keys are known."""
    return [await keys.find(key_id) is not None for key_id in key_ids]


async def test_nobody_is_asked_before_a_token_comes(provider: IdentityProvider, keys: IssuerKeys) -> None:
    assert provider.asked == 0


async def test_keys_are_asked_for_once_in_five_minutes(
    provider: IdentityProvider, keys: IssuerKeys, clock: SettableClock
) -> None:
    assert await found(keys, "rsa", "ec", "rsa") == [True, True, True]
    clock.at += RENEWED - TINY
    await keys.find("rsa")
    assert provider.asked == 1

    clock.at += TINY
    await keys.find("rsa")

    assert provider.asked == 2


async def test_many_at_once_ask_once(provider: IdentityProvider, keys: IssuerKeys) -> None:
    await asyncio.gather(*(keys.find("ec") for _ in range(20)))

    assert provider.asked == 1


async def test_a_key_of_a_rotation_is_found_at_once(
    provider: IdentityProvider, keys: IssuerKeys, clock: SettableClock
) -> None:
    await keys.find("ec")
    clock.at += PAUSE
    provider.keys = [ec_key("next")]

    assert await found(keys, "next", "ec") == [True, False]


async def test_a_flood_of_unknown_keys_does_not_reach_the_issuer(
    provider: IdentityProvider, keys: IssuerKeys, clock: SettableClock
) -> None:
    await keys.find("ec")
    clock.at += PAUSE - TINY

    assert await found(keys, *map(str, range(50))) == [False] * 50
    assert provider.asked == 1

    clock.at += TINY
    await found(keys, *map(str, range(50)))
    assert provider.asked == 2


async def test_an_issuer_that_is_away_is_not_hammered(
    provider: IdentityProvider, keys: IssuerKeys, clock: SettableClock
) -> None:
    provider.is_away = True
    for _ in range(3):
        with pytest.raises(UpstreamUnavailable):
            await keys.find("ec")
    assert provider.asked == 1

    provider.is_away = False
    clock.at += PAUSE

    assert await found(keys, "ec") == [True]


async def test_known_keys_outlive_an_issuer_that_is_away_by_an_hour(
    provider: IdentityProvider, keys: IssuerKeys, clock: SettableClock
) -> None:
    await keys.find("ec")
    provider.is_away = True

    clock.at += KEPT - TINY
    assert await found(keys, "ec") == [True]
    # Whether the issuer has this one cannot be told now, so it is not said to be wrong.
    with pytest.raises(UpstreamUnavailable):
        await keys.find("next")
    clock.at += TINY
    with pytest.raises(UpstreamUnavailable):
        await keys.find("ec")


async def test_who_goes_away_while_asking_leaves_no_wrong_answer(provider: IdentityProvider) -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        return provider(request)

    keys = IssuerKeys(httpx.AsyncClient(transport=httpx.MockTransport(never)), JWKS_URL, SettableClock())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(keys.find("ec"), 0.01)

    with pytest.raises(UpstreamUnavailable):
        await keys.find("ec")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(404, "{}", id="404"),
        pytest.param(302, "", id="redirect"),
        pytest.param(200, "<html>", id="no-json"),
        pytest.param(200, "[]", id="list"),
        pytest.param(200, '{"keys": []}', id="no-keys"),
        pytest.param(200, '{"keys": [{"kty": "XX"}]}', id="no-key-we-know"),
        pytest.param(200, '{"keys": ' + "[" * 100_000, id="deep"),
    ],
)
async def test_what_is_no_key_set_is_nonsense(
    provider: IdentityProvider, keys: IssuerKeys, status: int, body: str
) -> None:
    provider.status, provider.body = status, body

    with pytest.raises(UpstreamNonsense) as refused:
        await keys.find("ec")

    assert refused.value.facts == {"service": "oidc_issuer", "upstream_status": status}


async def test_only_keys_that_sign_and_are_no_shared_secret_are_taken(
    provider: IdentityProvider, keys: IssuerKeys
) -> None:
    secret = {"kty": "oct", "kid": "secret", "k": "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWl0", "alg": "HS256"}
    sealing = {**rsa_key().public, "kid": "sealing", "use": "enc"}
    nameless = {name: value for name, value in ec_key().public.items() if name != "kid"}
    provider.body = json.dumps({"keys": [secret, sealing, nameless, ec_key().public]})

    assert await found(keys, "secret", "sealing", "ec") == [False, False, True]
