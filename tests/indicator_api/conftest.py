"""A province to tell things of."""

from collections.abc import AsyncIterator

import pytest

from shared.db import Begin
from tests.indicator_api.feeding import FakeDossierApi, World, open_world


@pytest.fixture
async def world(indicator_begin: Begin) -> AsyncIterator[World]:
    """Return a province whose units are told and nothing else."""
    told = FakeDossierApi()
    told.tell_tree()
    opened = open_world(indicator_begin, told)
    async with opened.upstream, opened.client:
        yield opened
