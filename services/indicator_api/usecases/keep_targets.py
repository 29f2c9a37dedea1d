"""Read and replace the province's targets."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from indicator_api.domain.definitions import DEFINITIONS
from indicator_api.domain.targets import Target, TargetSet, questions_of
from indicator_api.store import targets as store
from indicator_api.usecases.read_figures import Source
from shared.clock import Clock
from shared.db import Begin
from shared.errors import DomainError, InvalidRequest
from shared.http.access import Caller


class TargetsProvinceWide(DomainError):
    """Targets hold for the whole province: a key of a part of it may not touch them."""

    code = "targets-province-wide"

    def __init__(self, unit_code: str) -> None:
        super().__init__(f"a key of {unit_code} may not change the province's targets")
        self.unit_code = unit_code


async def read_targets(*, known_at: date | None, source: Source, zone: ZoneInfo) -> TargetSet:
    """Return the targets as known at the close of a day, None for as known now."""
    async with source.snapshot() as session:
        return await store.get_current(session, known_at=known_at, zone=zone)


async def read_history(*, before: int | None, limit: int, source: Source) -> list[TargetSet]:
    """Return who has put which targets and when, newest first."""
    async with source.snapshot() as session:
        return await store.list_sets(session, before=before, limit=limit)


async def put_targets(
    targets: tuple[Target, ...], *, caller: Caller, begin: Begin, clock: Clock, zone: ZoneInfo
) -> TargetSet:
    """Replace all targets; the same again changes nothing.

    Raises TargetsProvinceWide, InvalidRequest.
    """
    if caller.unit_code is not None:
        raise TargetsProvinceWide(caller.unit_code)
    _check(targets)
    async with begin() as session:
        known = await store.get_current(session, zone=zone)
        if known.targets == targets:
            return known
        return await store.add(session, targets, at=clock.now(), by=caller.id)


def _check(targets: tuple[Target, ...]) -> None:
    for number, target in enumerate(targets):
        if target.valid_to is not None and target.valid_to <= target.valid_from:
            raise InvalidRequest.at_pointer(f"#/targets/{number}/valid_to", "not after valid_from")
        for question in questions_of([target]):
            if question.indicator not in DEFINITIONS:
                raise InvalidRequest.at_pointer(f"#/targets/{number}/bands", f"no indicator {question.indicator}")
    ordered = sorted(enumerate(targets), key=lambda one: (one[1].code, one[1].valid_from))
    for (_, earlier), (number, later) in pairwise(ordered):
        if earlier.code == later.code and (earlier.valid_to is None or later.valid_from < earlier.valid_to):
            raise InvalidRequest.at_pointer(f"#/targets/{number}", f"overlaps another {later.code} in time")
