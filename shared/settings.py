"""What every service must be told: where its database is and how it names its problems."""

from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, Field, PostgresDsn
from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    """Settings common to the three services; each subclass gives the prefix of its environment."""

    database_url: PostgresDsn = Field(description="postgresql:// URL of the service's own role")
    timezone: str = Field("Asia/Ho_Chi_Minh", description="zone whose civil days count")
    problem_base: AnyHttpUrl = Field(
        AnyHttpUrl("https://motcua.vn/problems"), description="stem of every problem type; never fetched"
    )
    max_body_bytes: int = Field(128 * 1024 * 1024, gt=0, description="largest request body, in bytes")

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone whose civil days count."""
        return ZoneInfo(self.timezone)
