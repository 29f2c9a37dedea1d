"""Doing what a command asks, and telling in a sentence what the operator can mend."""

import asyncio
from collections.abc import Coroutine

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from stamina.instrumentation import set_on_retry_hooks

from motcua.errors import OperatorError
from motcua.roles import MayNotPrepare
from motcua.settings import RunSettings
from shared.errors import DomainError


def read_settings() -> RunSettings:
    """Read the operator's environment; what cannot be read is told by name."""
    try:
        return RunSettings()
    except ValidationError as error:
        for fault in error.errors():
            complain(f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}")
        raise SystemExit(2) from None


def do(work: Coroutine[None, None, None]) -> None:
    """Do the work; raise SystemExit where the operator can mend what stopped it."""
    # The default hooks print every retried call with its arguments: for a batch of events a screenful each.
    set_on_retry_hooks(())
    try:
        asyncio.run(work)
    except MayNotPrepare as error:
        complain(f"{error}. An administrator of the database may run this:\n\n{error.script}")
        raise SystemExit(1) from None
    except (OperatorError, DomainError) as error:
        complain(str(error))
        raise SystemExit(1) from None


def complain(message: str) -> None:
    """Tell on standard error."""
    Console(stderr=True).print(f"[bold red]{escape(message)}[/]", soft_wrap=True)
