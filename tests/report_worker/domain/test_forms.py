import json
from datetime import date
from importlib.resources import files

import pytest

from report_worker.domain.forms import FormNotFound, Forms
from report_worker.domain.numbers import Question, questions_of
from report_worker.forms.reading import ContradictoryForm, read_form
from tests.report_worker.given import FORMS, NARRATIVE, TABLE


def test_the_shipped_table_has_the_identities_of_its_form() -> None:
    identities = [str(one) for one in TABLE.identities if not str(one).startswith("0 <= ")]

    assert identities == ["3 = 4 + 5 + 6", "7 = 8 + 9 + 10", "11 = 12 + 13", "3 = 7 + 11", "13 <= 11"]


def test_identities_with_a_star_are_spread_over_total_and_levels() -> None:
    identities = [str(one) for one in NARRATIVE.identities if str(one).startswith("open_") and "=" in str(one)]

    assert identities == [
        "open_total = open_not_yet_due_total + open_overdue_total",
        "open_province = open_not_yet_due_province + open_overdue_province",
        "open_district = open_not_yet_due_district + open_overdue_district",
        "open_commune = open_not_yet_due_commune + open_overdue_commune",
        "open_total = open_province + open_district + open_commune",
        "open_not_yet_due_total = open_not_yet_due_province + open_not_yet_due_district + open_not_yet_due_commune",
        "open_overdue_total = open_overdue_province + open_overdue_district + open_overdue_commune",
    ]


def test_a_rate_may_not_exceed_one() -> None:
    assert "online_active_34 <= 1" in [str(one) for one in NARRATIVE.identities]


@pytest.mark.parametrize(
    "change",
    [{"identities": ["3 = 14"]}, {"identities": ["3 = 4 * 5"]}, {"surplus": 1}, {"columns": [], "identities": []}],
    ids=["unknown column", "unreadable", "unknown member", "part of no column"],
)
def test_a_form_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    shipped = json.loads((files("report_worker.forms") / "II.06a.json").read_text())

    with pytest.raises((ContradictoryForm, ValueError)):
        read_form(json.dumps({**shipped, **change}).encode())


def test_a_new_form_needs_no_code() -> None:
    shipped = json.loads((files("report_worker.forms") / "II.06a.json").read_text())
    later = read_form(json.dumps({**shipped, "version": 2, "valid_from": "2027-01-01"}).encode())
    forms = Forms((*FORMS.all, later))

    assert forms.get("II.06a").head.version == 2
    assert forms.get("II.06a", on=date(2026, 12, 31)).head.version == 1
    assert forms.get("II.06a", on=date(2027, 1, 1)).head.version == 2
    assert forms.get("II.06a", version=1).head.version == 1


def test_an_unknown_form_or_version_is_not_found() -> None:
    for code, version in (("II.99", None), ("II.06a", 7)):
        with pytest.raises(FormNotFound):
            FORMS.get(code, version=version)


def test_a_table_asks_for_its_sums_besides_its_lines() -> None:
    assert questions_of(TABLE) == [
        Question("counts", ()),
        Question("counts", ("level",)),
        Question("counts", ("level", "field")),
    ]


def test_a_narrative_asks_each_source_once() -> None:
    questions = questions_of(NARRATIVE)

    assert len(questions) == len(set(questions))
    assert {question.source for question in questions if question.group_by} == {
        "counts",
        "on_time_rate",
        "on_time_strict",
        "one_stop_coverage",
        "units_with_one_stop",
    }
