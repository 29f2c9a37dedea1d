"""Whom the verification asks: services named by the operator, or those of a run on this machine."""

from dataclasses import dataclass

from motcua.errors import OperatorError
from motcua.home import Home
from motcua.services import DOSSIER, INDICATOR


class NothingRuns(OperatorError):
    """No run is on, and not all of addresses and key were given."""

    def __init__(self, home: Home) -> None:
        super().__init__(f"no run is on in {home.path}; start it, or give --dossier-url, --indicator-url and --key")
        self.home = home


@dataclass(frozen=True)
class Addresses:
    """Where the services answer, and a key that may read dossiers and figures of the whole tree."""

    dossier_url: str
    indicator_url: str
    key: str


def addresses_of(home: Home, *, dossier_url: str | None, indicator_url: str | None, key: str | None) -> Addresses:
    """Return what was given, the rest from the home's run.

    Raises NothingRuns.
    """
    if dossier_url and indicator_url and key:
        return Addresses(dossier_url, indicator_url, key)
    run = home.running()
    if not run:
        raise NothingRuns(home)
    return Addresses(dossier_url or run[DOSSIER.name], indicator_url or run[INDICATOR.name], key or run["admin_key"])
