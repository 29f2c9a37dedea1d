"""Access tokens of the province's identity provider, beside keys: the same scopes, the same subtree."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_encode
from pydantic import ValidationError

from shared.db import Begin
from shared.http.access import Scope
from shared.http.introspection import Introspection
from tests.dossier_api import wire
from tests.dossier_api.identity_provider import (
    CLAIMS,
    ISSUER,
    SETTINGS,
    IdentityProvider,
    SigningKey,
    claims,
    ec_key,
    rsa_key,
    token,
)
from tests.dossier_api.serving import NOON, Service, everything, fill, post, serving
from tests.dossier_api.wire import COMMUNE, DISTRICT, OTHER_DISTRICT
from tests.support.problems import assert_problem

PARTS = ("", "/clock", "/events")
SAID = {"id": "oidc:7f3c", "name": "counter-software", "unit_code": DISTRICT, "scopes": ["dossiers:read"]}


@pytest.fixture
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
async def service(begin: Begin, provider: IdentityProvider) -> AsyncIterator[Service]:
    """Return a service that takes the provider's tokens."""
    async with serving(begin, issuer=provider.transport, **SETTINGS) as running:
        yield running


@pytest.fixture
async def province(service: Service) -> httpx.AsyncClient:
    return await fill(service)


async def whoami(service: Service, bearer: str) -> httpx.Response:
    return await (await service.client_with(bearer)).get("/v1/whoami")


@pytest.mark.parametrize("key", [rsa_key(), ec_key()], ids=lambda key: key.algorithm)
async def test_a_token_tells_who_where_what_for_and_until_when(service: Service, key: SigningKey) -> None:
    answer = await whoami(service, token(key))

    assert (answer.status_code, answer.json()) == (200, {**SAID, "expires_at": "2020-06-01T05:05:00Z"})


async def test_the_unit_stands_in_the_claim_the_settings_name(begin: Begin, provider: IdentityProvider) -> None:
    async with serving(begin, issuer=provider.transport, **SETTINGS, oidc_unit_claim="don_vi") as service:
        answer = await whoami(service, token(don_vi=COMMUNE))

    assert answer.json()["unit_code"] == COMMUNE


async def test_keys_are_taken_beside_tokens(province: httpx.AsyncClient, provider: IdentityProvider) -> None:
    assert (await province.get("/v1/whoami")).status_code == httpx.codes.OK
    assert provider.asked == 0


async def test_a_token_means_nothing_where_no_issuer_is_told(begin: Begin, provider: IdentityProvider) -> None:
    async with serving(begin, issuer=provider.transport) as service:
        assert_problem(await whoami(service, token()), 401, "unauthenticated")
    assert provider.asked == 0


async def test_scopes_of_others_are_none_of_ours(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client_with(token(scope="openid dossiers figures:read motcua/admin"))

    assert (await client.get("/v1/whoami")).json()["scopes"] == ["figures:read"]
    assert_problem(await client.get("/v1/feed"), 403, "scope-missing", scope="dossiers:read")


# Refusals: what is wrong is told to the bearer, once the token is known to be the issuer's.


def unsigned() -> str:
    return jwt.encode(claims(), "", "none", {"kid": "ec"})


def signed_with_the_public_key() -> str:
    """Sign by HMAC with what everybody can read, as if it were a shared secret."""
    public = rsa_key().private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # The library refuses to make such a token, so it is put together by hand.
    head = jwt.encode(claims(), "x" * 64, "HS256", {"kid": "rsa"}).rpartition(".")[0]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head.encode(), public)
    return f"{head}.{base64url_encode(signature).decode()}"


def with_other_claims() -> str:
    """Take the signature of one token for what another one says."""
    head, said = token(motcua_unit="*").split(".")[:2]
    return f"{head}.{said}.{token().rpartition('.')[2]}"


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param("stranger", id="no-token"),
        pytest.param("a.b.c", id="no-header"),
        pytest.param("é.é.é", id="no-ascii"),
        pytest.param(unsigned(), id="alg-none"),
        pytest.param(signed_with_the_public_key(), id="hs256-by-public-key"),
        pytest.param(with_other_claims(), id="other-claims"),
        pytest.param(token(SigningKey("ec", "ES256", ec_key("forger").private)), id="signed-by-another"),
        pytest.param(token(SigningKey("rsa", "RS512", rsa_key().private)), id="not-the-key-s-algorithm"),
        pytest.param(token(ec_key("unknown")), id="unknown-key"),
        pytest.param(jwt.encode(claims(), ec_key().private, "ES256"), id="no-key-named"),
        pytest.param(token(headers={"crit": ["exp"]}), id="critical-header-we-do-not-know"),
        pytest.param(token(groups=["x" * 6144]), id="longer-than-8-KiB"),
    ],
)
async def test_what_the_issuer_did_not_sign_is_not_verified(service: Service, forged: str) -> None:
    headers = {b"Authorization": f"Bearer {forged}".encode()}

    answer = await (await service.client_with(None)).get("/v1/whoami", headers=headers)

    assert_problem(answer, 401, "token-unverified")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "forged", [unsigned(), signed_with_the_public_key(), "stranger"], ids=["alg-none", "HS256", "no-token"]
)
async def test_what_no_key_could_verify_does_not_reach_the_issuer(
    service: Service, provider: IdentityProvider, forged: str
) -> None:
    await whoami(service, forged)

    assert provider.asked == 0


async def test_a_key_too_short_to_trust_verifies_nothing(service: Service, provider: IdentityProvider) -> None:
    provider.keys = [weak := rsa_key("weak", size_bits=1024)]
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        forged = token(weak)

    assert_problem(await whoami(service, forged), 401, "token-unverified")


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        pytest.param({"iss": "https://other.example"}, "iss", id="issuer"),
        pytest.param({"iss": f"{ISSUER}/"}, "iss", id="issuer-but-for-a-slash"),
        pytest.param({"aud": "accounts"}, "aud", id="audience"),
        pytest.param({"aud": ["accounts", "mail"]}, "aud", id="audiences"),
    ],
)
async def test_a_token_for_others_is_refused(service: Service, changes: dict[str, Any], claim: str) -> None:
    assert_problem(await whoami(service, token(**changes)), 401, "token-foreign", claim=claim)


async def test_a_token_for_us_among_others_is_good(service: Service) -> None:
    answer = await whoami(service, token(aud=["accounts", CLAIMS["aud"]]))

    assert answer.status_code == httpx.codes.OK


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "exp", "motcua_unit"])
async def test_a_token_without_a_claim_we_need_is_refused(service: Service, claim: str) -> None:
    assert_problem(await whoami(service, token(**{claim: None})), 401, "token-incomplete", claim=claim)


async def test_a_token_dies_at_its_hour(service: Service) -> None:
    client = await service.client_with(token())

    service.clock.move(minutes=4, seconds=59)
    assert (await client.get("/v1/whoami")).status_code == httpx.codes.OK
    service.clock.move(seconds=1)
    answer = await client.get("/v1/whoami")

    assert_problem(answer, 401, "token-expired", expired_at="2020-06-01T05:05:00+00:00")


async def test_a_token_that_a_neighbour_remembers_dies_there_at_its_hour_too(service: Service) -> None:
    neighbour = Introspection(await service.client_with(None), service.clock)
    service.clock.move(minutes=4, seconds=59)
    before = await neighbour.caller_of(bearer := token())

    service.clock.move(seconds=1)

    assert (before is None, await neighbour.caller_of(bearer)) == (False, None)


async def test_a_token_is_not_good_before_its_hour(service: Service) -> None:
    client = await service.client_with(token(nbf=int((NOON + timedelta(seconds=31)).timestamp())))

    answer = await client.get("/v1/whoami")
    assert_problem(answer, 401, "token-not-yet-valid", valid_from="2020-06-01T05:00:31+00:00")
    service.clock.move(seconds=1)
    assert (await client.get("/v1/whoami")).status_code == httpx.codes.OK


async def test_a_token_signed_by_a_new_key_is_good_at_once(service: Service, provider: IdentityProvider) -> None:
    await whoami(service, token())
    provider.keys = [ec_key("next")]
    service.clock.move(seconds=10)

    assert (await whoami(service, token(ec_key("next")))).status_code == httpx.codes.OK
    assert_problem(await whoami(service, token()), 401, "token-unverified")


async def test_without_the_issuer_s_keys_nobody_is_called_wrong(service: Service, provider: IdentityProvider) -> None:
    provider.is_away = True

    answer = await whoami(service, token())

    assert_problem(answer, 503, "upstream-unavailable", service="oidc_issuer")
    assert answer.headers["retry-after"] == "2"


async def test_keys_work_while_the_issuer_is_away(province: httpx.AsyncClient, provider: IdentityProvider) -> None:
    provider.is_away = True

    assert (await province.get("/v1/whoami")).status_code == httpx.codes.OK


async def test_half_an_issuer_is_refused_at_the_start(begin: Begin) -> None:
    with pytest.raises(ValidationError, match="given together"):
        async with serving(begin, oidc_issuer=ISSUER):
            pass


# The subtree holds with a token as it does with a key.


async def test_a_token_and_a_key_of_one_unit_are_told_the_same(service: Service, province: httpx.AsyncClient) -> None:
    codes = [f"000.01.12.H35-200601-000{number}" for number in (1, 2)]
    events = [
        wire.event(data=wire.accepted(unit_code=unit_code), id=code, dossier=code)
        for code, unit_code in zip(codes, (COMMUNE, OTHER_DISTRICT), strict=True)
    ]
    assert [result["status"] for result in await post(province, *events)] == ["accepted"] * 2
    by_key = await service.client(DISTRICT, Scope.DOSSIERS_READ)
    by_token = await service.client_with(token())

    paths = ["dossiers", "units", "feed?timeout=0", *(f"dossiers/{code}{part}" for code in codes for part in PARTS)]
    answers = [(await by_key.get(f"/v1/{path}"), await by_token.get(f"/v1/{path}")) for path in paths]

    for one, other in answers:
        assert (one.status_code, told(one)) == (other.status_code, told(other))
    assert [one.status_code for one, _ in answers] == [200, 200, 200, *[200] * 3, *[404] * 3]


def told(answer: httpx.Response) -> Any:
    """Return an answer without what names this one occurrence."""
    body = answer.json()
    return {**body, "instance": None} if isinstance(body, dict) else body


async def test_a_token_writes_in_its_subtree_only(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client_with(token(scope="events:write"))
    before = await everything(service)

    [foreign] = await post(client, wire.event(data=wire.accepted(unit_code=OTHER_DISTRICT)))

    assert foreign["problem"]["type"].endswith("/unit-unknown")
    assert (await everything(service))[:2] == before[:2]


async def test_a_token_of_the_whole_tree_says_so(service: Service, province: httpx.AsyncClient) -> None:
    answer = await whoami(service, token(motcua_unit="*"))

    assert answer.json()["unit_code"] is None


async def test_a_unit_that_does_not_exist_sees_nothing(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client_with(token(motcua_unit="H99"))

    assert (await client.get("/v1/units")).json()["items"] == []


async def test_events_and_audit_rows_name_the_subject(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client_with(token(scope="events:write admin", sub="system"))

    [result] = await post(client, wire.event())
    in_time = {"name": "quầy", "unit_code": DISTRICT, "scopes": ["events:write"], "expires_at": NOON.isoformat()}
    issued = await client.post("/v1/keys", json=in_time)

    # Marked as a subject, which could otherwise be called like a key or the system itself.
    found = await service.rows("SELECT key_id FROM dossier.events WHERE position = :at", at=result["position"])
    assert found == ["oidc:system"]
    found = await service.rows("SELECT key_id FROM dossier.audit WHERE subject = :id", id=issued.json()["id"])
    assert found == ["oidc:system"]


async def test_a_key_does_not_outlive_the_token_that_issued_it(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client_with(token(scope="admin"))

    answer = await client.post("/v1/keys", json={"name": "quầy", "unit_code": DISTRICT, "scopes": ["events:write"]})

    assert_problem(answer, 409, "key-would-exceed", scopes=["events:write"])
