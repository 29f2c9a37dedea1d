"""What becomes of events as they arrive: retries, conflicts, late ones, foreign ones.  Rule: contract section 3."""

from datetime import timedelta

import pytest

from dossier_api.domain.events import Event
from dossier_api.domain.recording import Outcome, Posted, Verdict
from dossier_api.domain.transitions import Status
from tests.dossier_api import given
from tests.dossier_api.domain.desk import Desk

ACCEPTED = given.event("accepted", "2026-03-02 09:00", id="accepted")
ASKED = given.event("supplement_requested", "2026-03-04 09:00", id="asked")
COMPLETED = given.event("supplemented", "2026-03-06 09:00", id="completed")
FINISHED = given.event("finished", "2026-03-09 09:00", id="finished")
MOVED = given.event("transferred", "2026-03-05 09:00", id="moved")
HERE, THERE = given.DISTRICT, given.OTHER_DISTRICT


def here(event: Event) -> Posted:
    return given.posted(event, within=HERE)


def there(event: Event) -> Posted:
    return given.posted(event, within=THERE)


def status(desk: Desk) -> Status | None:
    dossier = desk.dossier()
    return dossier.status if dossier else None


def test_events_are_answered_with_their_positions() -> None:
    assert Desk(position=41).post(ACCEPTED, FINISHED) == [
        Outcome(Verdict.ACCEPTED, 42, given.CODE),
        Outcome(Verdict.ACCEPTED, 43, given.CODE),
    ]


@pytest.mark.parametrize("is_same_batch", [True, False])
def test_a_retry_is_answered_as_the_first_time(*, is_same_batch: bool) -> None:
    desk = Desk()

    again = desk.post(ACCEPTED, ACCEPTED)[1:] if is_same_batch else [*desk.post(ACCEPTED), *desk.post(ACCEPTED)][1:]

    assert again == [Outcome(Verdict.DUPLICATE, 1, given.CODE)]
    assert len(desk.log) == 1


@pytest.mark.parametrize("is_same_batch", [True, False])
def test_the_same_identity_with_other_content_changes_nothing(*, is_same_batch: bool) -> None:
    desk, other = Desk(), given.event("finished", "2026-03-09 09:00", id="accepted")

    verdicts = desk.verdicts(ACCEPTED, other) if is_same_batch else desk.verdicts(ACCEPTED) + desk.verdicts(other)

    assert verdicts == ["accepted", "event-conflict"]
    assert desk.refused() == {}
    assert status(desk) is Status.PROCESSING


def test_a_rejected_event_may_be_sent_again_corrected() -> None:
    desk = Desk()
    desk.post(ACCEPTED, given.event("paid", "2026-03-03 09:00", id="1"))
    assert desk.refused() == {"1": "illegal-move"}

    assert desk.verdicts(given.event("payment_requested", "2026-03-03 09:00", id="1")) == ["accepted"]
    assert desk.refused() == {}


def test_an_event_rejected_for_one_dossier_and_corrected_to_another_belongs_to_the_other_alone() -> None:
    desk = Desk()
    mistyped = given.event("finished", "2026-03-09 09:00", id="1", dossier="mistyped")
    right = given.event("finished", "2026-03-09 09:00", id="1")
    first_of_mistyped = given.event("accepted", "2026-03-02 09:00", id="2", dossier="mistyped")

    assert desk.verdicts(ACCEPTED, mistyped, right, first_of_mistyped) == [
        "accepted",
        "dossier-unknown",
        "accepted",
        "accepted",
    ]
    assert [(event.id, event.dossier) for event in desk.log] == [
        ("accepted", given.CODE),
        ("1", given.CODE),
        ("2", "mistyped"),
    ]
    assert desk.refused() == {}


def test_events_out_of_order_heal_in_one_batch() -> None:
    desk = Desk()

    assert desk.verdicts(FINISHED, ACCEPTED) == ["accepted", "accepted"]
    assert status(desk) is Status.FINISHED
    assert desk.refused() == {}


def test_events_out_of_order_heal_days_later() -> None:
    desk = Desk()

    assert [desk.verdicts(event) for event in (FINISHED, COMPLETED, ACCEPTED, ASKED)] == [
        ["dossier-unknown"],
        ["dossier-unknown"],
        ["accepted"],
        ["accepted"],
    ]
    assert desk.dossier() == given.dossier(ACCEPTED, ASKED, COMPLETED, FINISHED)
    assert desk.refused() == {}


def test_a_late_event_displaces_what_it_makes_impossible_and_lets_it_return() -> None:
    desk = Desk()
    desk.post(ACCEPTED, FINISHED)

    assert desk.verdicts(ASKED) == ["accepted"]
    assert (status(desk), desk.refused()) == (Status.AWAITING_SUPPLEMENT, {"finished": "illegal-move"})

    assert desk.verdicts(COMPLETED) == ["accepted"]
    assert (status(desk), desk.refused()) == (Status.FINISHED, {})


def test_what_is_displaced_returns_and_is_displaced_again_in_one_batch_stays_in_quarantine() -> None:
    desk = Desk()
    desk.post(ACCEPTED, FINISHED, ASKED)
    void = given.event("voided", "2026-03-10 09:00", event_id="completed", reason="typing-error")

    desk.post(COMPLETED, void)

    assert desk.refused() == {"finished": "illegal-move"}


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [
        pytest.param(timedelta(minutes=5), "accepted", id="five-minutes"),
        pytest.param(timedelta(minutes=5, microseconds=1), "event-in-future", id="a-little-more"),
    ],
)
def test_counters_clocks_may_run_ahead_by_five_minutes(ahead: timedelta, verdict: str) -> None:
    desk = Desk(now=ACCEPTED.at - ahead)

    assert desk.verdicts(ACCEPTED) == [verdict]


def test_an_event_from_the_future_stays_in_quarantine_until_its_time() -> None:
    desk = Desk(now=given.moment("2026-03-04 09:00"))
    desk.post(ACCEPTED, FINISHED)

    desk.post(ASKED)
    assert (status(desk), desk.refused()) == (Status.AWAITING_SUPPLEMENT, {"finished": "event-in-future"})

    desk.now = FINISHED.at
    desk.post(COMPLETED)
    assert (status(desk), desk.refused()) == (Status.FINISHED, {})


# What a key of one district is answered about a dossier of the other, and about one that does not exist.


@pytest.mark.parametrize("event", [ASKED, FINISHED, MOVED, ACCEPTED], ids=lambda event: event.kind)
def test_a_foreign_dossier_looks_unknown(event: Event) -> None:
    desk = Desk()
    desk.post(given.event("accepted", "2026-03-02 08:00", id="theirs", unit_code=THERE))

    assert desk.verdicts(here(event)) == ["dossier-unknown"]


def test_another_event_under_the_identity_of_a_foreign_dossier_s_looks_unknown() -> None:
    desk = Desk()
    desk.post(given.event("accepted", "2026-03-02 08:00", id="1", unit_code=THERE))

    assert desk.verdicts(here(given.event("finished", "2026-03-09 09:00", id="1"))) == ["dossier-unknown"]


def test_a_foreign_unit_looks_unknown() -> None:
    assert Desk().verdicts(here(given.event("accepted", "2026-03-02 09:00", unit_code=THERE))) == ["unit-unknown"]


def test_a_dossier_received_here_for_another_unit_is_within_reach() -> None:
    accepted = given.event("accepted", "2026-03-02 09:00", unit_code=THERE, receiving_unit_code=HERE)

    assert (
        Desk().verdicts(here(accepted), here(FINISHED), there(given.event("returned", "2026-03-10 09:00")))
        == ["accepted"] * 3
    )


def test_a_dossier_passed_on_is_out_of_reach_from_then_on() -> None:
    desk = Desk()
    desk.post(here(ACCEPTED), here(MOVED))

    assert desk.verdicts(here(FINISHED)) == ["dossier-unknown"]
    assert desk.verdicts(there(FINISHED)) == ["accepted"]


def test_a_late_upload_is_within_reach_of_who_had_the_dossier_at_its_time() -> None:
    desk = Desk()
    desk.post(here(ACCEPTED), here(MOVED))

    assert desk.verdicts(here(ASKED), there(COMPLETED)) == ["accepted", "accepted"]


def test_a_retry_of_passing_a_dossier_on_is_a_duplicate() -> None:
    desk = Desk()
    desk.post(here(ACCEPTED), here(MOVED))

    assert desk.verdicts(here(MOVED)) == ["duplicate"]


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param([there(FINISHED), here(ACCEPTED), here(MOVED)], id="the-move-arrives-last"),
        pytest.param([here(MOVED), there(FINISHED), here(ACCEPTED)], id="the-move-heals-too"),
        pytest.param([there(FINISHED), here(MOVED), here(ACCEPTED)], id="the-move-heals-after-what-needs-it"),
    ],
)
def test_an_event_heals_as_soon_as_its_poster_had_the_dossier_at_its_time(batch: list[Posted]) -> None:
    desk = Desk()

    desk.post(*batch)

    assert (status(desk), desk.refused()) == (Status.FINISHED, {})


def test_a_kept_event_of_a_stranger_never_heals() -> None:
    desk = Desk()
    desk.post(there(FINISHED))

    desk.post(ACCEPTED, ASKED, COMPLETED)

    assert (status(desk), desk.refused()) == (Status.PROCESSING, {"finished": "dossier-unknown"})


def test_a_pause_that_puts_a_date_beyond_the_calendar_sinks_no_neighbour() -> None:
    desk = Desk()
    far = given.event("accepted", "2026-03-02 09:00", id="far", due_at=given.moment("2060-12-30 17:00"))
    asked = given.event("payment_requested", "2026-03-03 09:00")

    assert desk.verdicts(far, asked, given.event("paid", "2026-03-20 09:00")) == [
        "accepted",
        "accepted",
        "outside-calendar",
    ]
