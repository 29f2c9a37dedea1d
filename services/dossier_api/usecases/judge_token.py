"""Tell who an access token of the province's identity provider speaks for."""

from dataclasses import dataclass
from typing import Any

import jwt

from dossier_api.clients.issuer_keys import ALGORITHMS, IssuerKeys
from dossier_api.domain.access_tokens import TokenForeign, TokenIncomplete, TokenUnverified, bearer_of
from shared.clock import Clock
from shared.http.access import Caller, Scope

# Before the subject, wherever a key's id might stand: no subject can pass for a key, nor for the system.
ID_PREFIX = "oidc:"
# Reading a token costs as much as it is long, before anything is known of who sent it; proxies cut headers there too.
LONGEST_BYTES = 8 * 1024
OPTIONS: Any = {
    "enforce_minimum_key_length": True,
    # `bearer_of` judges these: the library would ask the machine's clock, where ours is an argument.
    **dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_sub"), False),
}


@dataclass(frozen=True)
class AccessTokens:
    """Judges tokens of one issuer, meant for one audience; `unit_claim` names the claim with the unit's code."""

    keys: IssuerKeys
    clock: Clock
    issuer: str
    audience: str
    unit_claim: str

    async def caller_of(self, token: str) -> Caller:
        """Return the caller.

        Raises TokenUnverified, TokenForeign, TokenIncomplete, TokenExpired, TokenNotYetValid; and
        UpstreamUnavailable, UpstreamNonsense where the issuer's keys cannot be read.
        """
        claims = self._verified(token, await self._key_named_in(token))
        bearer = bearer_of(claims, unit_claim=self.unit_claim, now=self.clock.now())
        scopes = frozenset(scope for scope in Scope if scope in bearer.scopes)
        return Caller(ID_PREFIX + bearer.subject, bearer.client, bearer.unit_code, scopes, bearer.expires_at)

    async def _key_named_in(self, token: str) -> jwt.PyJWK:
        if len(token) > LONGEST_BYTES:
            raise TokenUnverified
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise TokenUnverified from None
        # Nobody is asked for a key that could not verify this token anyway.
        if header.get("alg") not in ALGORITHMS or not (key_id := header.get("kid")):
            raise TokenUnverified
        if (key := await self.keys.find(key_id)) is None:
            raise TokenUnverified
        return key

    def _verified(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        """Return the claims of a token whose signature, issuer and audience are right."""
        try:
            return jwt.decode(token, key, list(ALGORITHMS), options=OPTIONS, issuer=self.issuer, audience=self.audience)
        except jwt.MissingRequiredClaimError as error:
            raise TokenIncomplete(error.claim) from None
        except jwt.InvalidIssuerError:
            raise TokenForeign("iss") from None
        except jwt.InvalidAudienceError:
            raise TokenForeign("aud") from None
        except jwt.PyJWTError:
            raise TokenUnverified from None
