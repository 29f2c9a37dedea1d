"""Lists of values sent to PostgreSQL as one text."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.db import Begin, array_literal, driver_of


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("text", []),
        (
            "text",
            ["a", None, "NULL", "", " ", "{}", ",", "Lĩnh vực Đất đai", 'said "so"', "a\\b", "\\", "\x7f", "\x80"],
        ),
        ("int", [1, None, -2]),
        ("bool", [True, False, None]),
        ("timestamptz", [datetime(2026, 3, 1, 9, 30, 0, 5, ZoneInfo("Asia/Ho_Chi_Minh")), None]),
        ("date", [date(2026, 3, 1)]),
    ],
)
async def test_what_is_sent_comes_back(dossier_begin: Begin, type_: str, values: list[object]) -> None:
    async with dossier_begin() as session:
        driver = await driver_of(session)
        found = await driver.fetchval(f"SELECT $1::text::{type_}[]", array_literal(values))

    assert found == values


async def test_an_enumeration_is_sent_as_its_text(dossier_begin: Begin) -> None:
    async with dossier_begin() as session:
        driver = await driver_of(session)
        assert await driver.fetchval("SELECT $1::text::text[]", array_literal([Colour.RED])) == ["red"]


# Text as events may carry it: no control characters.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cc", "Cs"]))))
async def test_any_text_comes_back(dossier_begin: Begin, values: list[str | None]) -> None:
    async with dossier_begin() as session:
        driver = await driver_of(session)
        assert await driver.fetchval("SELECT $1::text::text[]", array_literal(values)) == values
