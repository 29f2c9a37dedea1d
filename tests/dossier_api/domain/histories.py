"""Random diaries of one dossier: short terms, swaps and holidays near, nights, lunch breaks and weekends."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from tests.dossier_api import given
from tests.dossier_api.domain.naive_clock import QUARTER, Entry, Term

# Around them lie a swap across the year's end, Tết, a make-up Saturday and two days of National Day.
ACCEPTED_NEAR = (date(2018, 12, 27), date(2025, 12, 30), date(2026, 2, 12), date(2026, 4, 24), date(2026, 8, 21))
# What a counter may do next, by where the dossier stands.
OPEN = ("outage_started", "outage_ended", "extended", "stopped")
NEXT = {
    "processing": ("supplement_requested", "payment_requested", "finished", "withdrawn", *OPEN),
    "awaiting_supplement": ("supplemented", "supplemented", "withdrawn", *OPEN),
    "awaiting_payment": ("paid", "paid", *OPEN),
    "finished": ("returned", "reopened", "reopened"),
}
LEADS_TO = {
    "supplement_requested": "awaiting_supplement",
    "supplemented": "processing",
    "payment_requested": "awaiting_payment",
    "paid": "processing",
    "finished": "finished",
    "reopened": "processing",
    "returned": "returned",
    "withdrawn": "withdrawn",
    "stopped": "stopped",
}
LONGEST = {"working_day": 6, "working_hour": 16, "calendar_day": 9}

gaps = st.one_of(
    st.integers(0, 12).map(lambda quarters: quarters * QUARTER),
    st.integers(1, 4).map(lambda days: timedelta(days=days)),
    st.integers(1, 400).map(lambda quarters: quarters * QUARTER),
)


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """Draw a procedure, now and then without a limit or with the rule of 15:00."""
    unit = draw(st.sampled_from(list(LONGEST)))
    amount = draw(st.one_of(st.integers(1, LONGEST[unit]), st.integers(1, LONGEST[unit]), st.none()))
    policy = draw(st.sampled_from(["restart", "exclude", "end_at_request", "none"]))
    return Term(amount, unit, policy, draw(st.sampled_from([None, time(15, 0)])))


@st.composite
def diaries(draw: st.DrawFn, *, pauses_touch: bool = True) -> list[Entry]:
    """Draw an acceptance and what came of it, in order of time."""
    at = draw(_acceptances())
    printed = draw(st.sampled_from([None, None, None, at + timedelta(days=5, hours=1)]))
    diary, status, is_out = [Entry(at, "accepted", printed)], "processing", False
    for gap in draw(st.lists(gaps, max_size=8)):
        at += gap
        name = draw(st.sampled_from(_possible(status, is_out=is_out, pauses_touch=pauses_touch)))
        due_at = at + timedelta(days=draw(st.integers(5, 30))) if name == "extended" else None
        diary.append(Entry(at, name, due_at))
        status = LEADS_TO.get(name, status)
        is_out = name == "outage_started" or (is_out and name != "outage_ended")
        if status not in NEXT:
            break
    return diary


@st.composite
def _acceptances(draw: st.DrawFn) -> datetime:
    day = draw(st.sampled_from(ACCEPTED_NEAR)) + timedelta(days=draw(st.integers(0, 12)))
    quarters = draw(st.one_of(st.integers(30, 68), st.integers(0, 95)))
    return datetime.combine(day, time(0), given.ZONE) + quarters * QUARTER


def _possible(status: str, *, is_out: bool, pauses_touch: bool) -> list[str]:
    refused = {"outage_started"} if is_out else {"outage_ended"}
    if not pauses_touch and status != "processing":
        refused |= {"outage_started"}
    if not pauses_touch and is_out:
        refused |= {"supplement_requested", "payment_requested", "extended"}
    return [name for name in NEXT[status] if name not in refused]
