"""What indicator_api must be told."""

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read once, in `create_app`, from INDICATOR_… in the environment."""

    model_config = SettingsConfigDict(env_prefix="INDICATOR_", frozen=True)

    dossier_url: AnyHttpUrl = Field(description="where dossier_api answers, e.g. http://127.0.0.1:8001")
    key: SecretStr = Field(description="API key of this service at dossier_api, for the feed")
    feed_page: int = Field(2000, ge=1, le=5000, description="entries read at a time")
    feed_wait_s: float = Field(20.0, ge=0, le=60, description="how long a quiet feed is waited on, in seconds")
    position_wait_s: float = Field(
        3.0, ge=0, le=30, description="how long a reader who names a position is kept waiting for it, in seconds"
    )
