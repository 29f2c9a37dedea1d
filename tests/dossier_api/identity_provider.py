"""A province's identity provider: real keys, real signatures, and no network."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.dossier_api.serving import NOON
from tests.dossier_api.wire import DISTRICT

ISSUER, AUDIENCE = "https://sso.example.vn/realms/province", "motcua"
JWKS_URL = f"{ISSUER}/certs"
SETTINGS = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks_url": JWKS_URL}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "7f3c",
    "azp": "counter-software",
    "scope": "openid dossiers:read",
    "motcua_unit": DISTRICT,
    "exp": int((NOON + timedelta(minutes=5)).timestamp()),
}


@dataclass(frozen=True)
class SigningKey:
    """A key pair of the issuer."""

    id: str
    algorithm: str
    private: Any

    @property
    def public(self) -> dict[str, Any]:
        """Return the key as the JWKS document tells it."""
        kind = RSAAlgorithm if isinstance(self.private, rsa.RSAPrivateKey) else ECAlgorithm
        told: dict[str, Any] = kind.to_jwk(self.private.public_key(), as_dict=True)
        return {**told, "kid": self.id, "alg": self.algorithm, "use": "sig"}


@cache
def rsa_key(key_id: str = "rsa", size_bits: int = 2048) -> SigningKey:
    """Return an RSA key, made once a session."""
    return SigningKey(key_id, "RS256", rsa.generate_private_key(65537, size_bits))


@cache
def ec_key(key_id: str = "ec") -> SigningKey:
    """Return a key on P-256, made once a session."""
    return SigningKey(key_id, "ES256", ec.generate_private_key(ec.SECP256R1()))


@dataclass
class IdentityProvider:
    """Answers with its JWKS document, counts who asks, and fails when told to."""

    keys: list[SigningKey] = field(default_factory=lambda: [rsa_key(), ec_key()])
    status: int = 200
    body: str | None = None
    is_away: bool = False
    asked: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == JWKS_URL
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("refused", request=request)
        if self.body is not None:
            return httpx.Response(self.status, text=self.body)
        return httpx.Response(self.status, json={"keys": [key.public for key in self.keys]})

    @property
    def transport(self) -> httpx.MockTransport:
        """Return the way to this provider."""
        return httpx.MockTransport(self)


def claims(**changes: Any) -> dict[str, Any]:
    """Return the usual claims, changed; None takes one away."""
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}


def token(key: SigningKey | None = None, *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    """Sign a token as the issuer would, by default with its key on P-256."""
    key = key or ec_key()
    return jwt.encode(claims(**changes), key.private, key.algorithm, {"kid": key.id, **(headers or {})})
