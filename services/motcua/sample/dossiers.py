"""The invented dossiers, in the printed numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from motcua.sample.catalogue import working_calendar
from motcua.sample.figures import LEVELS, Fate, quotas
from motcua.sample.office_time import MINUTES_A_DAY, OfficeTime
from motcua.sample.procedures import SampleProcedure, list_procedures
from motcua.sample.times import TimeMaker, Times
from motcua.sample.units import SampleUnit, list_units

Item = TypeVar("Item")

CENTRE = "H35.01"
ONLINE_VALUES = {"3", "4"}
# Rule: the report calls the use of online services and of the post low, and prints no number.
ONLINE_SHARE = {"province": 0.09, "district": 0.05, "commune": 0.012}
# In the unit of the named procedures' weights: nobody files a rarer service online.
ONLINE_LEAST_WEIGHT = 0.25
POSTAL_SHARE = 0.015
ONLINE_REFUSALS = 45
LATE_ACCEPTANCE_SHARE = 0.03
# Rule: NĐ 297/2025 Đ.6(4)a: an online dossier is answered within 8 working hours.
ANSWER_MINUTES = 480
# Room for the submission before it: nothing is carried over from 2019.
ONLINE_FROM_DAY = 3
BUSY_UNITS = ("Thành phố", "Phường", "Thị trấn", "Huyện Than Uyên", "Huyện Tân Uyên")
BUSY_WEIGHT = 2.2


@dataclass(frozen=True)
class SampleDossier:
    """One dossier; `submitted` is its office minute online, and `is_refused` says it never got further."""

    procedure: SampleProcedure
    unit_code: str
    channel: str
    times: Times
    submitted: int | None
    is_refused: bool = False

    @property
    def receiving_unit_code(self) -> str:
        """Return where it was handed in: what concerns a department, at the provincial centre."""
        return CENTRE if self.procedure.level == "province" else self.unit_code

    @property
    def opened(self) -> int:
        """Return the office minute of its first event, whose day stands in its code."""
        return self.times.accepted if self.submitted is None else self.submitted


class DossierMaker:
    """Draw dossiers from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  # invented data; the same seed must give the same
        self.office = OfficeTime(working_calendar())
        self._times = TimeMaker(self.office, self._random)
        self._units = {level: _Choice(_units_of(level)) for level in ("district", "commune")}

    def make(self) -> Iterator[SampleDossier]:
        """Yield the dossiers received, level by level, then those refused online."""
        for level in LEVELS:
            for fate, wanted in quotas(level).items():
                choice = _procedures_for(level, fate)
                for _ in range(wanted):
                    yield self._received(choice.draw(self._random), fate)
        online = _Choice([(p, p.weight) for p in list_procedures() if _is_tried_online(p)])
        for _ in range(ONLINE_REFUSALS):
            yield self._refused(online.draw(self._random))

    def _received(self, procedure: SampleProcedure, fate: Fate) -> SampleDossier:
        times = self._times.draw(fate, procedure)
        channel = self._channel(procedure, times.accepted)
        submitted = self._submitted_before(times.accepted) if channel == "online" else None
        opened = times.accepted if submitted is None else submitted
        return SampleDossier(procedure, self._unit_for(procedure, opened), channel, times, submitted)

    def _refused(self, procedure: SampleProcedure) -> SampleDossier:
        refused = self._times.moment(self._random.randint(ONLINE_FROM_DAY, self.office.last_day))
        submitted = self._submitted_before(refused)
        unit_code = self._unit_for(procedure, submitted)
        return SampleDossier(procedure, unit_code, "online", Times(refused), submitted, is_refused=True)

    def _channel(self, procedure: SampleProcedure, accepted: int) -> str:
        is_tried = _is_tried_online(procedure) and accepted >= ONLINE_FROM_DAY * MINUTES_A_DAY
        if is_tried and self._random.random() < ONLINE_SHARE[procedure.level]:
            return "online"
        return "postal" if procedure.postal and self._random.random() < POSTAL_SHARE else "direct"

    def _submitted_before(self, accepted: int) -> int:
        """Return an office minute at most 8 working hours before, for a few up to twice that."""
        is_late = self._random.random() < LATE_ACCEPTANCE_SHARE
        first, last = (ANSWER_MINUTES + 1, 2 * ANSWER_MINUTES) if is_late else (10, ANSWER_MINUTES - 10)
        return accepted - self._random.randint(first, last)

    def _unit_for(self, procedure: SampleProcedure, opened: int) -> str:
        if procedure.unit_code is not None:
            return procedure.unit_code
        while True:
            unit = self._units[procedure.level].draw(self._random)
            if unit.is_open(self.office.day(opened)):
                return unit.code


class _Choice(Generic[Item]):
    """Draws items by weight."""

    def __init__(self, weighted: list[tuple[Item, float]]) -> None:
        self._items = [item for item, _ in weighted]
        self._weights = list(accumulate(weight for _, weight in weighted))

    def draw(self, source: Random) -> Item:
        """Return one item."""
        return source.choices(self._items, cum_weights=self._weights)[0]


def _is_tried_online(procedure: SampleProcedure) -> bool:
    return procedure.online in ONLINE_VALUES and procedure.weight >= ONLINE_LEAST_WEIGHT


def _units_of(level: str) -> list[tuple[SampleUnit, float]]:
    """Weigh the units that take dossiers: towns more than the rest, the rest unevenly."""
    units = [unit for unit in list_units() if unit.level == level and unit.valid_to is None]
    return [
        (unit, BUSY_WEIGHT if unit.name.startswith(BUSY_UNITS) else 0.6 + place % 5 * 0.2)
        for place, unit in enumerate(units)
    ]


def _procedures_for(level: str, fate: Fate) -> _Choice[SampleProcedure]:
    """Weigh procedures for a fate: the longer one takes, the more of it is open or late at any time."""
    return _Choice([(p, p.weight * _patience(p, fate)) for p in list_procedures() if p.level == level and p.weight])


def _patience(procedure: SampleProcedure, fate: Fate) -> float:
    if fate in {Fate.EARLY, Fate.ON_TIME}:
        return 1
    return procedure.working_days
