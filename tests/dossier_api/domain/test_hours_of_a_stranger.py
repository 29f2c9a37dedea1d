"""Working hours, hour by hour, against a business-hours library that knows nothing of us.

It can express spans a day, a lunch break and days off; it knows no Saturday worked instead, and 2020 has none.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import pytz
from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

from dossier_api.domain.deadlines import Timetable
from tests.dossier_api.given import ZONE, catalogue, official_calendar, version

SAIGON = pytz.timezone("Asia/Ho_Chi_Minh")
# Both sides of Tết, which is off from 23 to 29 January.
FIRST, LAST = datetime(2020, 1, 17, tzinfo=ZONE), datetime(2020, 2, 4, tzinfo=ZONE)


def stranger() -> Rules:
    """Return the usual office hours and the official days off, as the library wants them."""
    calendar = official_calendar()
    days = (date(2020, 1, 1) + timedelta(days=number) for number in range(120))
    off = {day: "off" for day in days if day.weekday() < 5 and not calendar.is_working(day)}
    morning = WorkDayRule(start_time=time(7, 30), end_time=time(11, 30), tz=SAIGON)
    afternoon = WorkDayRule(start_time=time(13, 30), end_time=time(17, 0), tz=SAIGON)
    return Rules([morning, afternoon, HolidayRule(off, tz=SAIGON)])


def hours() -> Iterator[datetime]:
    at = FIRST
    while at <= LAST:
        yield at
        at += timedelta(hours=1)


@pytest.mark.parametrize("term_hours", [1, 4, 8, 20])
def test_a_term_ends_where_the_library_says(term_hours: int) -> None:
    timetable = Timetable(official_calendar(), catalogue(version()), "H35")
    rules = stranger()

    ours = [timetable.walk(at, term_hours * 60) for at in hours()]

    term = BusinessTimeDelta(rules, hours=term_hours)
    assert ours == [at.astimezone(SAIGON) + term for at in hours()]


def test_the_minutes_between_two_instants_are_the_library_s() -> None:
    timetable = Timetable(official_calendar(), catalogue(version()), "H35")
    rules = stranger()

    ours = [timetable.minutes_between(at, LAST) for at in hours()]

    assert ours == [rules.difference(at, LAST).timedelta / timedelta(minutes=1) for at in hours()]
