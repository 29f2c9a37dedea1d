"""What dossier_api must be told."""

import re
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from dossier_api.domain.code import TT_01_2018
from shared.settings import ServiceSettings


class LatenessBasis(StrEnum):
    """Which due date lateness is judged by in dossier reads.  Rule: contract section 4."""

    STATUTORY = "statutory"
    CURRENT = "current"


class Settings(ServiceSettings):
    """Settings of dossier_api, from the environment with the prefix DOSSIER_."""

    model_config = SettingsConfigDict(env_prefix="DOSSIER_", frozen=True)

    key_environment: str = Field("prod", pattern="^[a-z]{2,8}$", description="second part of every key: mc_<it>_…")
    code_pattern: re.Pattern[str] = Field(
        TT_01_2018.pattern, description="regular expression a dossier code is flagged by; group `day` is its day"
    )
    code_day_format: str = Field(TT_01_2018.day_format, description="strftime format of the group `day`")
    lateness_basis: LatenessBasis = Field(
        LatenessBasis.STATUTORY, description="due date by which a dossier's class is told: statutory or current"
    )
    oidc_issuer: str = Field("", description="`iss` of the access tokens taken beside keys; empty: keys only")
    oidc_audience: str = Field("", description="`aud` that tokens meant for motcua carry")
    oidc_jwks_url: str = Field("", pattern=r"^(https?://\S+)?$", description="URL of the issuer's public keys (JWKS)")
    oidc_unit_claim: str = Field("motcua_unit", min_length=1, description="claim with the unit's code")

    @model_validator(mode="after")
    def _issuer_wholly_told(self) -> Self:
        """Refuse half an issuer: without an audience, tokens made for others would be good here."""
        told = [self.oidc_issuer, self.oidc_audience, self.oidc_jwks_url]
        if any(told) and not all(told):
            raise ValueError("oidc_issuer, oidc_audience and oidc_jwks_url are given together, or none of them")
        return self
