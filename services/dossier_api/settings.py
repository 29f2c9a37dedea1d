"""What dossier_api must be told."""

import re
from enum import StrEnum

from pydantic import Field
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
