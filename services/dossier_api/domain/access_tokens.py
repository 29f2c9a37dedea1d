"""What a genuine access token says of its bearer: until when, who, where and what for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.errors import DomainError

# The issuer's clock may be ahead of ours.  None for the end: then every service ends a token at the same instant.
LEEWAY = timedelta(seconds=30)
WHOLE_TREE = "*"
# Rule: OpenID Connect Core section 2: at most 255 ASCII characters.
SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")
UNIT = re.compile(r"\*|[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class TokenUnverified(DomainError):
    """The access token is damaged, or signed by none of the issuer's keys in a way taken here."""

    code = "token-unverified"

    def __init__(self) -> None:
        super().__init__("no key of the issuer verifies the token")


class TokenForeign(DomainError):
    """The access token is genuine, but of another issuer or meant for another service."""

    code = "token-foreign"

    def __init__(self, claim: str) -> None:
        super().__init__(f"the token's {claim} is not ours")
        self.claim = claim


class TokenIncomplete(DomainError):
    """The access token lacks a claim, or says with it nothing that can be used."""

    code = "token-incomplete"

    def __init__(self, claim: str) -> None:
        super().__init__(f"the token's {claim} is missing or unreadable")
        self.claim = claim


class TokenExpired(DomainError):
    """The access token's time is over."""

    code = "token-expired"

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(f"the token expired at {expired_at.isoformat()}")
        self.expired_at = expired_at


class TokenNotYetValid(DomainError):
    """The access token's time has not begun."""

    code = "token-not-yet-valid"

    def __init__(self, valid_from: datetime) -> None:
        super().__init__(f"the token is valid from {valid_from.isoformat()}")
        self.valid_from = valid_from


@dataclass(frozen=True)
class TokenBearer:
    """Whom a token speaks for; `unit_code` None is the whole tree, `scopes` may name others than ours."""

    subject: str
    client: str
    unit_code: str | None
    scopes: frozenset[str]
    expires_at: datetime


def bearer_of(claims: Mapping[str, Any], *, unit_claim: str, now: datetime) -> TokenBearer:
    """Read the claims of a token whose signature, issuer and audience are right.

    Raises TokenExpired, TokenNotYetValid, TokenIncomplete.
    Rule: RFC 7519 section 4.1 (exp, nbf), RFC 9068 section 2.2 (sub, client_id, scope).
    """
    expires_at = _instant(claims, "exp")
    if now >= expires_at:
        raise TokenExpired(expires_at)
    if "nbf" in claims and (valid_from := _instant(claims, "nbf")) > now + LEEWAY:
        raise TokenNotYetValid(valid_from)
    subject, unit = _word(claims, "sub", SUBJECT), _word(claims, unit_claim, UNIT)
    unit_code = None if unit == WHOLE_TREE else unit
    return TokenBearer(subject, _client(claims) or subject, unit_code, _scopes(claims), expires_at)


def _instant(claims: Mapping[str, Any], claim: str) -> datetime:
    """Read seconds since 1970."""
    value = claims.get(claim)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenIncomplete(claim)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise TokenIncomplete(claim) from None


def _word(claims: Mapping[str, Any], claim: str, pattern: re.Pattern[str]) -> str:
    value = claims.get(claim)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise TokenIncomplete(claim)
    return value


def _client(claims: Mapping[str, Any]) -> str | None:
    """Return the client the token was given to, by either name in use."""
    names = [claims.get(claim) for claim in ("client_id", "azp")]
    return next((name for name in names if isinstance(name, str) and SUBJECT.fullmatch(name)), None)


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return all scopes named: a text with blanks between them, or a list, under either name in use."""
    said: set[str] = set()
    for value in (claims.get("scope"), claims.get("scp")):
        words = value.split() if isinstance(value, str) else value
        said.update(word for word in (words if isinstance(words, list) else []) if isinstance(word, str))
    return frozenset(said)
