"""indicator_api's answers held against what the feed tells, both played by fakes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import httpx
import msgspec
import pytest

from motcua.verify.comparing import Comparison, TooManyRows
from motcua.verify.lives import Dossiers, Refused
from motcua.verify.questions import Question, questions_about, windows_of
from motcua.verify.recount import Recount
from shared.contracts.feed import UnitV1

QUESTION = Question("H35", "unit", "2020-01", "statutory")


def unit(code: str, parent_code: str | None) -> dict[str, Any]:
    return {
        "code": code,
        "name": code,
        "level": "district" if parent_code else "province",
        "parent_code": parent_code,
        "valid_from": "2004-01-01",
        "valid_to": None,
        "successor_codes": [],
        "has_one_stop": True,
    }


def received(code: str, *, in_unit: str = "H35.12") -> dict[str, Any]:
    life = {
        "procedure_code": "1.001193",
        "field": "Hộ tịch",
        "online_level": "nd43:4",
        "channel": "direct",
        "placements": [["2020-01-06", in_unit]],
        "received_on": "2020-01-06",
        "phases": [["2020-01-06", "in_time"]],
    }
    return {"type": "vn.motcua.dossier.accepted.v1", "subject": code, "data": {"unit_code": in_unit, "life": life}}


CATALOGUE = [
    {"type": "vn.motcua.catalogue.unit.v1", "subject": one["code"], "data": one}
    for one in (unit("H35", None), unit("H35.12", "H35"))
]


def feed_of(*told: dict[str, Any]) -> Callable[[httpx.Request], httpx.Response]:
    common = {"specversion": "1.0", "source": "/counter", "time": "2020-01-06T09:00:00+07:00"}
    items = [
        {**common, "id": str(position), "recordedat": common["time"], "position": position, **one}
        for position, one in enumerate([*CATALOGUE, *told], start=1)
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        after = int(request.url.params["after"])
        return httpx.Response(200, json=[item for item in items if int(str(item["position"])) > after])

    return answer


def figures(counts: dict[str, int], *, position: int, truncated: bool = False) -> httpx.Response:
    none = dict.fromkeys(("received", "received_direct", "open", "open_in_time", "late"), 0)
    rows = [{"group": {"unit": "H35.12"}, "counts": none | counts}]
    return httpx.Response(200, json={"through": {"position": position}, "truncated": truncated, "rows": rows})


async def compared(
    answer: httpx.Response, *told: dict[str, Any], known: int | None = None, question: Question = QUESTION
) -> Comparison:
    """Compare one answer with what the feed told, of which the first `known` entries were read before."""
    feed = feed_of(*told)
    reads = iter([feed_of(*told[:known])] if known is not None else [])

    def read(request: httpx.Request) -> httpx.Response:
        return next(reads, feed)(request)

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(read), base_url="http://dossier") as dossier_api,
        httpx.AsyncClient(
            transport=httpx.MockTransport(lambda _: answer), base_url="http://indicator"
        ) as indicator_api,
    ):
        dossiers = Dossiers(dossier_api)
        await dossiers.read_all(lambda _: None)
        recount = Recount(windows_of([2020]))
        for life in dossiers.lives:
            recount.add(life)
        comparison = Comparison(recount, dossiers, indicator_api)
        await comparison.hold_against([question], lambda _: None)
        return comparison


ONE = {"received": 1, "received_direct": 1, "open": 1, "open_in_time": 1}


async def test_what_agrees_is_counted_and_not_named() -> None:
    comparison = await compared(figures(ONE, position=3), received("a"))

    assert (comparison.cells, comparison.differences) == (5, [])


async def test_each_count_that_differs_is_named_with_both_numbers() -> None:
    comparison = await compared(figures(ONE | {"open": 2, "late": 1}, position=3), received("a"))

    assert [(one.label, one.window, one.count, one.recounted, one.answered) for one in comparison.differences] == [
        ("H35.12", "2020-01", "late", 0, 1),
        ("H35.12", "2020-01", "open", 1, 2),
    ]


async def test_both_parts_of_a_rate_are_compared() -> None:
    rows = [{"group": {"unit": "H35.12"}, "numerator": 0, "denominator": 1, "value": 0.0}]
    answer = httpx.Response(200, json={"through": {"position": 3}, "truncated": False, "rows": rows})

    comparison = await compared(answer, received("a"), question=replace(QUESTION, rate="on_time_766"))

    assert [(one.count, one.recounted, one.answered) for one in comparison.differences] == [
        ("on_time_766.numerator", 1, 0)
    ]
    assert comparison.cells == 2


async def test_a_row_that_is_missing_is_a_difference() -> None:
    comparison = await compared(figures(ONE, position=4), received("a"), received("b", in_unit="H35"))

    assert {(one.label, one.count, one.recounted, one.answered) for one in comparison.differences} == {
        ("H35", name, 1, 0) for name in ONE
    }


async def test_an_answer_that_knows_more_is_compared_with_what_it_knows() -> None:
    twice = dict.fromkeys(ONE, 2)

    comparison = await compared(figures(twice, position=4), received("a"), received("b"), received("c"), known=1)

    assert comparison.differences == []
    assert comparison.dossiers.position == 4


async def test_a_dossier_told_anew_takes_the_place_of_what_was_told_before() -> None:
    comparison = await compared(figures(ONE, position=4), received("a", in_unit="H35"), received("a"), known=1)

    assert comparison.differences == []


async def test_an_answer_that_was_cut_proves_nothing() -> None:
    with pytest.raises(TooManyRows):
        await compared(figures(ONE, position=3, truncated=True), received("a"))


async def test_a_refusal_is_told_with_its_words() -> None:
    with pytest.raises(Refused, match=r"401.*no such key"):
        await compared(httpx.Response(401, text=json.dumps({"detail": "no such key"})), received("a"))


def test_every_unit_is_asked_about_in_every_month_and_named_period_of_a_year() -> None:
    units = {"H35": None, "H35.12": "H35", "H35.12.01": "H35.12"}
    told = {code: _unit(code, parent) for code, parent in units.items()}

    asked = questions_about(told, [2020])

    alone = {one.period for one in asked if one.by == "unit" and one.basis == "current"}
    months = {f"2020-{month:02}" for month in range(1, 13)}
    named = {"2020", "2020-H1", "2020-H2", "2020-9M", "2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4"}
    assert {period for period in alone if "/" not in period} == months | named
    spans = {tuple(map(date.fromisoformat, period.split("/"))) for period in alone if "/" in period}
    assert (date(1900, 1, 1), date(2200, 1, 1)) in spans
    assert (date(2019, 12, 15), date(2020, 1, 15)) in spans
    quarters = sorted((start, end) for start, end in spans if (end - start).days < 15)
    assert (quarters[0][0], quarters[-1][1]) == (date(2020, 1, 1), date(2021, 1, 1))
    assert all(before == after for (_, before), (after, _) in pairwise(quarters))
    assert {one.unit_code for one in asked if one.by == "level"} == {"H35", "H35.12"}
    windows = {name for one in asked if one.by == "" and one.unit_code == "H35.12" for name in one.windows}
    assert windows == months | named | {"1900-01-01/2200-01-01"}
    assert {window.name for window in windows_of([2020])} == alone
    assert windows_of([2020])[0].end > date(2199, 1, 1)


def _unit(code: str, parent_code: str | None) -> UnitV1:
    return msgspec.convert(unit(code, parent_code), UnitV1)
