import csv
import json
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from motcua.sample.catalogue import calendar_rows, catalogue, working_calendar
from motcua.sample.figures import printed_figures
from motcua.sample.units import list_units

PRINTED = printed_figures()


def open_on(day: str, level: str) -> list[str]:
    return [
        unit["name"]
        for unit in catalogue()["units"]
        if unit["level"] == level and unit["valid_from"] <= day and (unit["valid_to"] is None or day < unit["valid_to"])
    ]


def versions() -> list[dict[str, Any]]:
    return [version for procedure in catalogue()["procedures"] for version in procedure["versions"]]


def test_communes_go_from_108_to_106_on_the_day_of_the_merger() -> None:
    assert len(open_on("2020-01-31", "commune")) == PRINTED["units"]["communes_before_merger"]
    assert len(open_on("2020-02-01", "commune")) == PRINTED["units"]["communes"]


def test_the_eight_districts_are_those_of_lai_chau() -> None:
    assert sorted(open_on("2020-06-30", "district")) == [
        "Huyện Mường Tè",
        "Huyện Nậm Nhùn",
        "Huyện Phong Thổ",
        "Huyện Sìn Hồ",
        "Huyện Tam Đường",
        "Huyện Than Uyên",
        "Huyện Tân Uyên",
        "Thành phố Lai Châu",
    ]


def test_only_the_centre_has_the_provinces_one_stop() -> None:
    with_one_stop = [unit for unit in catalogue()["units"] if unit["level"] == "province" and unit["has_one_stop"]]

    assert [unit["code"] for unit in with_one_stop] == ["H35.01"]


def test_units_hang_together() -> None:
    seen: dict[str, dict[str, Any]] = {}
    for unit in catalogue()["units"]:
        assert unit["code"] not in seen
        if unit["parent_code"] is not None:
            assert seen[unit["parent_code"]]["valid_from"] <= unit["valid_from"]
        seen[unit["code"]] = unit

    assert all(code in seen for unit in seen.values() for code in unit["successor_codes"])
    assert all(bool(unit["successor_codes"]) == (unit["valid_to"] is not None) for unit in seen.values())


def test_a_dossier_code_of_the_contracts_example_stays_free() -> None:
    assert "H35.12" in {unit.code for unit in list_units()}
    assert "H35.12.01" not in {unit.code for unit in list_units()}


def test_procedures_at_the_one_stop_are_as_many_as_printed() -> None:
    by_level = Counter(version["level"] for version in versions() if version["at_one_stop"])

    assert {**by_level, "total": by_level.total()} == PRINTED["procedures_at_one_stop"]


def test_online_services_are_as_many_as_the_printed_parts_add_up_to() -> None:
    by_level = Counter(version["online_level"]["value"] for version in versions())

    assert by_level["3"] == PRINTED["online_services"]["level_3"]
    assert by_level["4"] == PRINTED["online_services"]["level_4"]
    assert by_level["1"] + by_level["2"] == PRINTED["online_services"]["level_1_2"]
    assert by_level.total() == PRINTED["left_out"]["online_services_total_by_sum"] == 2077


def test_every_procedure_has_its_own_code_and_name() -> None:
    codes = [procedure["code"] for procedure in catalogue()["procedures"]]
    names = Counter((version["level"], version["name"]) for version in versions())

    assert len(set(codes)) == len(codes)
    assert [name for name, times in names.items() if times > 1] == []


def test_texts_are_composed_unicode() -> None:
    text = json.dumps(catalogue(), ensure_ascii=False)

    assert unicodedata.is_normalized("NFC", text)


def test_official_days_have_vietnamese_names_and_estimates_say_so() -> None:
    rows = {row["day"]: row for row in calendar_rows()}

    assert rows["2020-04-02"]["name_vi"] == "Giỗ Tổ Hùng Vương"
    assert rows["2026-01-10"]["name_vi"] == "Làm bù"
    assert rows["2026-11-24"]["name_vi"] == "Ngày Văn hóa Việt Nam"
    assert all(("dự kiến" in row["name_vi"]) == (row["source"] == "estimate") for row in rows.values())
    assert all(row["name_vi"] for row in rows.values())


def test_days_worked_are_weekends_and_days_off_are_weekdays() -> None:
    for row in calendar_rows():
        is_weekend = date.fromisoformat(row["day"]).weekday() >= 5
        assert is_weekend == (row["kind"] == "worked"), row


def test_the_first_half_of_2020_has_121_working_days() -> None:
    # 130 weekdays, less 1 January, five days of Tết, 2 and 30 April and 1 May.
    assert working_calendar().between(date(2019, 12, 31), date(2020, 6, 30)) == 121


def test_every_row_of_the_unit_file_has_all_its_columns() -> None:
    path = Path(__file__).parents[3] / "services/motcua/sample/data/units.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert all(None not in row and None not in row.values() for row in rows)
