"""What no event can give: figures that units report, each unit its own, period by period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from report_worker.domain.identities import Identity, Verdict, judge_all
from report_worker.domain.wording import Wording
from shared.errors import DomainError

NIL = "nil"


class Reporter(StrEnum):
    """Which units report a figure: the topmost one, or those of a level below it."""

    ROOT = "root"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


@dataclass(frozen=True)
class ReportableFigure:
    """One figure of the catalogue; `reporters` are the units expected to send it."""

    name: str
    caption: Wording
    reporters: frozenset[Reporter]


@dataclass(frozen=True)
class ReportedCatalogue:
    """What may be reported, and what must hold among the figures of one unit."""

    figures: tuple[ReportableFigure, ...]
    identities: tuple[Identity, ...]

    @property
    def by_name(self) -> Mapping[str, ReportableFigure]:
        """Return the figures by their names."""
        return {figure.name: figure for figure in self.figures}

    def expected_of(self, reporter: Reporter) -> tuple[ReportableFigure, ...]:
        """Return what one kind of unit is to report, in the order of the catalogue."""
        return tuple(figure for figure in self.figures if reporter in figure.reporters)

    def verdicts(self, cells: Mapping[str, int]) -> list[Verdict]:
        """Judge the identities that a unit's figures settle."""
        return judge_all(self.identities, cells)


@dataclass(frozen=True)
class ReportingUnit:
    """A unit as far as reporting goes; `path` runs from the root to it."""

    code: str
    name: str
    level: str
    path: tuple[str, ...]

    @property
    def reporter(self) -> Reporter:
        """Return which kind of reporter it is."""
        return Reporter.ROOT if len(self.path) == 1 else Reporter(self.level)


@dataclass(frozen=True)
class Submission:
    """One figure as a unit sent it: a value, a nil return, or neither, which takes back what was sent before."""

    name: str
    value: int | None
    is_nil: bool = False


@dataclass(frozen=True)
class Entry:
    """A submission as it was kept, with who sent it and when it became known."""

    unit_code: str
    unit_name: str
    name: str
    value: int | None
    is_nil: bool
    note: str | None
    submitted_by: str
    recorded_at: datetime
    recorded_on: date

    @property
    def counted(self) -> int | None:
        """Return what it adds to a sum: nothing to report is 0, and so counts as reported."""
        return 0 if self.is_nil else self.value


@dataclass(frozen=True)
class UnitName:
    """A unit, to be named."""

    code: str
    name: str


@dataclass(frozen=True)
class ReportedTotal:
    """One figure over a subtree: what the units sent, and who is still to send it.

    The total is None where nobody has; `entries` are by unit, nil returns among them.
    """

    name: str
    total: int | None
    entries: tuple[Entry, ...]
    missing: tuple[UnitName, ...]


class UnknownReportedFigures(DomainError):
    """Figures were reported that the catalogue does not have."""

    code = "unknown-reported-figures"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"no unit reports {', '.join(names)}")
        self.names = list(names)


class NotReportedByUnit(DomainError):
    """Figures were reported by a unit that is not to report them: they would count twice."""

    code = "not-reported-by-unit"

    def __init__(self, unit: str, names: Sequence[str]) -> None:
        super().__init__(f"{unit} does not report {', '.join(names)}")
        self.unit, self.names = unit, list(names)


class ReportedFiguresInconsistent(DomainError):
    """A unit's figures break identities, and no note says why they are sent all the same."""

    code = "reported-figures-inconsistent"

    def __init__(self, unit: str, failures: Sequence[Mapping[str, Any]]) -> None:
        self.unit, self.failures = unit, list(failures)
        self.identities = [str(one["identity"]) for one in failures]
        super().__init__(f"{unit} reports figures that break {', '.join(self.identities)}")


def require_reportable(catalogue: ReportedCatalogue, unit: ReportingUnit, names: Iterable[str]) -> None:
    """Let a unit's figures pass by their names.  Raises UnknownReportedFigures, NotReportedByUnit."""
    known, wanted = catalogue.by_name, list(names)
    unknown = sorted(name for name in wanted if name not in known)
    if unknown:
        raise UnknownReportedFigures(unknown)
    foreign = sorted(name for name in wanted if unit.reporter not in known[name].reporters)
    if foreign:
        raise NotReportedByUnit(unit.code, foreign)


def total_of(figure: ReportableFigure, entries: Sequence[Entry], units: Sequence[ReportingUnit]) -> ReportedTotal:
    """Add up what the units of a subtree sent for one figure, and name those that have yet to send it.

    An entry of a unit that is not expected (it has closed since) counts, since it was sent.
    """
    sent = sorted((one for one in entries if one.name == figure.name), key=lambda one: one.unit_code)
    counted = [one.counted for one in sent if one.counted is not None]
    there = {one.unit_code for one in sent if one.counted is not None}
    missing = (one for one in units if one.reporter in figure.reporters and one.code not in there)
    kept = tuple(one for one in sent if one.counted is not None)
    return ReportedTotal(
        figure.name,
        sum(counted) if counted else None,
        kept,
        tuple(UnitName(one.code, one.name) for one in sorted(missing, key=lambda one: one.code)),
    )


def remarks_on_reported(totals: Sequence[ReportedTotal], catalogue: ReportedCatalogue, language: str) -> list[str]:
    """Say which figures are reported ones, who has yet to report, who reports nil, and what stands by a note."""
    if not totals:
        return []
    remarks = [_remark("reported", [catalogue.by_name[one.name].caption[language] for one in totals], language)]
    for kind, listed in (("missing", _missing(totals)), ("nil", _nil(totals)), ("noted", _noted(totals))):
        remarks += [_remark(kind, names, language) for names in [listed] if names]
    return remarks


WORDS = {
    "reported": Wording(
        "Số liệu do đơn vị báo cáo, không tính từ hồ sơ: {names}.",
        "Reported by the units, not computed from dossiers: {names}.",
    ),
    "missing": Wording("Đơn vị chưa báo cáo: {names}.", "Units that have not reported: {names}."),
    "nil": Wording("Đơn vị báo cáo không phát sinh: {names}.", "Units that report nil: {names}."),
    "noted": Wording(
        "Đơn vị có số liệu không khớp kèm giải trình: {names}.", "Units whose sums fail, with a note: {names}."
    ),
}


def _remark(kind: str, names: Iterable[str], language: str) -> str:
    return WORDS[kind][language].format(names="; ".join(dict.fromkeys(names)))


def _missing(totals: Sequence[ReportedTotal]) -> list[str]:
    """Return the units that owe some figure which others have sent; what nobody sent is remarked on by its name."""
    return sorted({unit.name for one in totals if one.total is not None for unit in one.missing})


def _nil(totals: Sequence[ReportedTotal]) -> list[str]:
    return sorted({entry.unit_name for one in totals for entry in one.entries if entry.is_nil})


def _noted(totals: Sequence[ReportedTotal]) -> list[str]:
    return sorted({f"{entry.unit_name} ({entry.note})" for one in totals for entry in one.entries if entry.note})
