"""Load the sample: `python -m motcua.fill`, called by a run whose database has none.

A process of its own: what it imports would otherwise stay in the runner's memory and in its starting time.
"""

import sys

from rich.console import Console

from motcua.sample.load import load_sample
from motcua.services import DOSSIER, INDICATOR, REPORT
from motcua.settings import RunSettings
from motcua.telling import do, read_settings


async def fill(settings: RunSettings, key: str, console: Console) -> None:
    """Load the sample into a running system."""
    await load_sample(
        dossier_url=settings.address_of(DOSSIER),
        indicator_url=settings.address_of(INDICATOR),
        report_url=settings.address_of(REPORT),
        admin_key=key,
        home=settings.home.path,
        console=console,
    )


if __name__ == "__main__":
    do(fill(read_settings(), sys.stdin.readline().strip(), Console()))
