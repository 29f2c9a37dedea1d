"""What dossier_api must be told."""

from enum import StrEnum

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class LatenessBasis(StrEnum):
    """Which due date lateness is judged by in dossier reads.  Rule: contract section 4."""

    STATUTORY = "statutory"
    CURRENT = "current"


class Settings(ServiceSettings):
    """Settings of dossier_api, from the environment with the prefix DOSSIER_."""

    model_config = SettingsConfigDict(env_prefix="DOSSIER_", frozen=True)

    key_environment: str = Field("prod", pattern="^[a-z]{2,8}$", description="second part of every key: mc_<it>_…")
    lateness_basis: LatenessBasis = Field(
        LatenessBasis.STATUTORY, description="due date by which a dossier's class is told: statutory or current"
    )
