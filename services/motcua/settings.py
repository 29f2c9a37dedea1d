"""What an operator may say through the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict

from motcua.home import Home
from motcua.services import Service, database_of

EMBEDDED_DATABASE = "motcua"


class RunSettings(BaseSettings):
    """Where a run keeps its data, which ports it takes, on whose PostgreSQL it stands.  Rule: contract section 8."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    motcua_home: Path = Field(Path("var"), description="folder of data, logs, passwords and keys")
    port_base: int = Field(8001, ge=1, le=65533, description="port of dossier_api; the other two follow")
    database_url: PostgresDsn | None = Field(
        None, description="administrator's URL of a PostgreSQL to use instead of the embedded one"
    )
    sample: Literal["lai-chau", "none"] = Field("lai-chau", description="data a new system starts with")

    @property
    def home(self) -> Home:
        """Return the folder everything is kept in."""
        return Home(self.motcua_home.resolve())

    @property
    def database(self) -> str:
        """Return the database that holds the three schemas."""
        return database_of(str(self.database_url)) if self.database_url else EMBEDDED_DATABASE

    def address_of(self, service: Service) -> str:
        """Return the base URL a service answers at."""
        return f"http://127.0.0.1:{self.port_of(service)}"

    def port_of(self, service: Service) -> int:
        """Return the port a service listens on."""
        return self.port_base + service.port_offset
