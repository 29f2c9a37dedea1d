"""Verdicts in JSON."""

from fractions import Fraction
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from indicator_api.domain.rounding import rounded
from indicator_api.domain.targets import Check, Comparison, Verdict
from indicator_api.routes.catalogue_responses import WordingResponse
from indicator_api.routes.responses import StateResponse, state_of
from indicator_api.usecases.judge_targets import Judgement


class CheckResponse(BaseModel):
    """One condition of what meets a target; `difference` is value less threshold."""

    indicator: str
    channel: str | None
    comparison: Comparison
    threshold: float
    numerator: int | None
    denominator: int | None
    value: float | None
    holds: bool | None
    difference: float | None


class VerdictResponse(BaseModel):
    """A target and whether it is met; null where nothing can be said: no figure, or nothing over nothing."""

    code: str
    scheme: str
    name: WordingResponse
    source: str
    met: bool | None
    points: float | None
    checks: list[CheckResponse]


class JudgementResponse(StateResponse[str | None]):
    """Every target in force on the last day seen, judged in one state."""

    met: int
    missed: int
    unjudged: int
    items: list[VerdictResponse]


def told_judgement(judgement: Judgement, zone: ZoneInfo) -> JudgementResponse:
    """Return all verdicts and how many there are of each kind."""
    selection, outcomes = judgement.selection, [verdict.is_met for verdict in judgement.verdicts]
    return JudgementResponse(
        unit=selection.unit_code,
        **state_of(selection, judgement.through, zone),
        met=outcomes.count(True),
        missed=outcomes.count(False),
        unjudged=outcomes.count(None),
        items=[told_verdict(verdict) for verdict in judgement.verdicts],
    )


def told_verdict(verdict: Verdict) -> VerdictResponse:
    """Return one verdict."""
    target = verdict.target
    return VerdictResponse(
        code=target.code,
        scheme=target.scheme,
        name=WordingResponse(vi=target.name.vi, en=target.name.en),
        source=target.source,
        met=verdict.is_met,
        points=_printed(verdict.points),
        checks=[_told_check(check) for check in verdict.checks],
    )


def _told_check(check: Check) -> CheckResponse:
    condition, ratio = check.condition, check.ratio
    return CheckResponse(
        indicator=condition.indicator,
        channel=condition.channel,
        comparison=condition.comparison,
        threshold=float(condition.threshold),
        numerator=ratio.numerator,
        denominator=ratio.denominator,
        value=_printed(ratio.value),
        holds=check.holds,
        difference=_printed(check.difference),
    )


def _printed(value: Fraction | None) -> float | None:
    return None if value is None else rounded(value)
