"""The three services as the operator sees them: name, schema, role, application, place among the ports."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Service:
    """One service; `schema` also names its section in migrations/alembic.ini and begins its settings."""

    name: str
    schema: str
    port_offset: int

    @property
    def role(self) -> str:
        """Return the database role that owns the schema and nothing else."""
        return f"motcua_{self.schema}"

    @property
    def application(self) -> str:
        """Return what uvicorn is told to serve."""
        return f"{self.name}.app:create_app"

    def setting(self, field: str) -> str:
        """Return the environment variable of one of the service's settings."""
        return f"{self.schema}_{field}".upper()


DOSSIER = Service("dossier_api", "dossier", 0)
INDICATOR = Service("indicator_api", "indicator", 1)
REPORT = Service("report_worker", "report", 2)
# Order and default ports.  Rule: contract section 1.
SERVICES = (DOSSIER, INDICATOR, REPORT)
# The name of the key a run prints; the services' own keys bear their names.
RUN = "make-run"


def url_for(administrator_url: str, *, user: str, password: str, database: str) -> str:
    """Return the URL of another role and database on the administrator's server."""
    parts = urlsplit(administrator_url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(
        scheme="postgresql", netloc=f"{quote(user)}:{quote(password, safe='')}@{host}", path=f"/{quote(database)}"
    ).geturl()


def on_database(url: str, database: str) -> str:
    """Return the URL of another database for the same role."""
    return urlsplit(url)._replace(path=f"/{quote(database)}").geturl()


def database_of(url: str) -> str:
    """Return the database a URL names; PostgreSQL's own default is the user's name."""
    parts = urlsplit(url)
    return parts.path.lstrip("/") or parts.username or "postgres"
