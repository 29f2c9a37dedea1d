from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dossier_api.domain.access_tokens import (
    LEEWAY,
    TokenBearer,
    TokenExpired,
    TokenIncomplete,
    TokenNotYetValid,
    bearer_of,
)

NOON = datetime(2020, 6, 1, 5, 0, tzinfo=UTC)
EXPIRES_AT = NOON + timedelta(minutes=5)
CLAIMS: dict[str, Any] = {"exp": EXPIRES_AT.timestamp(), "sub": "7f3c", "unit": "H35.12", "scope": "dossiers:read"}
TINY = timedelta(microseconds=1)


def bearer(now: datetime = NOON, **changes: Any) -> TokenBearer:
    told = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}
    return bearer_of(told, unit_claim="unit", now=now)


def test_claims_tell_who_where_what_for_and_until_when() -> None:
    assert bearer(client_id="counter-software", scope="openid events:write dossiers:read") == TokenBearer(
        "7f3c", "counter-software", "H35.12", frozenset({"openid", "events:write", "dossiers:read"}), EXPIRES_AT
    )


def test_a_token_is_good_until_it_expires_and_no_longer() -> None:
    assert bearer(EXPIRES_AT - TINY).expires_at == EXPIRES_AT
    with pytest.raises(TokenExpired) as refused:
        bearer(EXPIRES_AT)

    assert refused.value.facts == {"expired_at": EXPIRES_AT}


def test_a_token_may_be_a_little_early_for_the_issuer_s_clock_may_be_ahead() -> None:
    assert bearer(nbf=(NOON + LEEWAY).timestamp()).subject == "7f3c"
    with pytest.raises(TokenNotYetValid) as refused:
        bearer(nbf=(NOON + LEEWAY + timedelta(seconds=1)).timestamp())

    assert refused.value.facts == {"valid_from": NOON + LEEWAY + timedelta(seconds=1)}


def test_the_whole_tree_is_said_in_so_many_words() -> None:
    assert bearer(unit="*").unit_code is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        pytest.param("unit", ..., id="no-unit"),
        pytest.param("unit", None, id="unit-null"),
        pytest.param("unit", "", id="unit-empty"),
        pytest.param("unit", ["H35.12"], id="unit-list"),
        pytest.param("unit", "H35\0", id="unit-null-character"),
        pytest.param("sub", ..., id="no-subject"),
        pytest.param("sub", 7, id="subject-number"),
        pytest.param("sub", "Nguyễn Văn A", id="subject-name"),
        pytest.param("sub", "\ud800", id="subject-half-a-character"),
        pytest.param("sub", "x" * 256, id="subject-too-long"),
        pytest.param("exp", ..., id="no-end"),
        pytest.param("exp", "1590987900", id="end-text"),
        pytest.param("exp", True, id="end-boolean"),
        pytest.param("exp", 10**30, id="end-beyond-time"),
        pytest.param("exp", float("nan"), id="end-no-number"),
        pytest.param("nbf", "soon", id="start-text"),
    ],
)
def test_a_claim_that_is_missing_or_unreadable_is_named(claim: str, value: Any) -> None:
    with pytest.raises(TokenIncomplete) as refused:
        bearer(**{claim: value})

    assert refused.value.facts == {"claim": claim}


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        pytest.param({"scope": "a b"}, {"a", "b"}, id="text"),
        pytest.param({"scope": ["a", "b"]}, {"a", "b"}, id="list"),
        pytest.param({"scope": ..., "scp": ["a", "b"]}, {"a", "b"}, id="scp-list"),
        pytest.param({"scope": ..., "scp": "a b"}, {"a", "b"}, id="scp-text"),
        pytest.param({"scope": ["a", 1, None]}, {"a"}, id="odd-members"),
        pytest.param({"scope": {"a": True}}, set(), id="object"),
        pytest.param({"scope": ...}, set(), id="none"),
    ],
)
def test_scopes_are_read_however_they_are_written(said: dict[str, Any], scopes: set[str]) -> None:
    assert bearer(**said).scopes == scopes


@pytest.mark.parametrize(
    ("said", "client"),
    [
        pytest.param({"client_id": "a", "azp": "b"}, "a", id="client_id"),
        pytest.param({"azp": "b"}, "b", id="azp"),
        pytest.param({"client_id": "phần mềm", "azp": "b"}, "b", id="unreadable"),
        pytest.param({}, "7f3c", id="subject"),
    ],
)
def test_a_bearer_is_named_after_its_client(said: dict[str, Any], client: str) -> None:
    assert bearer(**said).client == client
