"""What report_worker must be told."""

from pydantic import AnyHttpUrl, DirectoryPath, Field, PositiveFloat, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of report_worker, read from `REPORT_…`."""

    model_config = SettingsConfigDict(env_prefix="REPORT_", frozen=True)

    dossier_url: AnyHttpUrl = Field(description="base URL of dossier_api")
    indicator_url: AnyHttpUrl = Field(description="base URL of indicator_api")
    key: SecretStr = Field(description="API key to both neighbours, scopes dossiers:read and figures:read, whole tree")
    upstream_timeout_s: PositiveFloat = Field(60.0, description="longest wait for one answer, in seconds")
    heartbeat_timeout_s: PositiveFloat = Field(
        15.0, description="silence after which another worker takes a report over, in seconds"
    )
    drain_s: PositiveFloat = Field(6.0, description="time that reports in the making get at a stop, in seconds")
    forms: DirectoryPath | None = Field(
        None, description="folder with forms and letterheads of the province's own, read at the start"
    )
    round_s: PositiveFloat = Field(30.0, description="time between two looks at what is due by schedule, in seconds")
