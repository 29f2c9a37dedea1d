"""Reporters for supervised programs."""

from typing import NoReturn

import pytest

from motcua.processes import Death


def no_death(death: Death) -> NoReturn:
    """Fail the test: nothing was to die."""
    pytest.fail(f"{death.program.name} ended ({death.exit_code}):\n{death.last_lines}")
