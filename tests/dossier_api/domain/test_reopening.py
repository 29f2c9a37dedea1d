"""A finish taken back: as known from then on it never was.  Rule: contract section 5."""

import pytest

from dossier_api.domain.events import Event
from dossier_api.domain.life import class_at, life_of, phases_of
from shared.contracts.life import Phase
from tests.dossier_api import given

ACCEPTED = given.event("accepted", "2026-03-02 09:00")
FINISHED = given.event("finished", "2026-03-06 09:00")
REOPENED = given.event("reopened", "2026-03-12 09:00")


def test_a_reopened_dossier_was_never_finished() -> None:
    reopened, open_still = given.dossier(ACCEPTED, FINISHED, REOPENED), given.dossier(ACCEPTED)

    assert reopened == open_still
    assert life_of(reopened, given.catalogue()) == life_of(open_still, given.catalogue())


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        pytest.param("2026-03-06", Phase.IN_TIME, id="on-the-day-of-the-finish-taken-back"),
        pytest.param("2026-03-09", Phase.IN_TIME, id="on-its-due-day"),
        pytest.param("2026-03-10", Phase.OVERDUE, id="overdue-before-it-was-reopened"),
        pytest.param("2026-03-13", Phase.LATE, id="finished-again"),
    ],
)
def test_it_is_judged_by_its_last_finish(day: str, phase: Phase) -> None:
    dossier = given.dossier(ACCEPTED, FINISHED, REOPENED, given.event("finished", "2026-03-13 09:00", id="again"))

    assert class_at(dossier, given.day(day)) is phase


@pytest.mark.parametrize(
    "between",
    [
        pytest.param([given.event("rated", "2026-03-07 09:00")], id="rated"),
        pytest.param(
            [given.event("extended", "2026-03-05 09:00", due_at="2026-03-20T17:00:00+07:00", reason="load")],
            id="extended",
        ),
    ],
)
def test_what_else_happened_stays(between: list[Event]) -> None:
    reopened = given.dossier(ACCEPTED, *between, FINISHED, REOPENED)
    open_still = given.dossier(ACCEPTED, *[event for event in between if event.kind != "rated"])

    assert (reopened.due_first, reopened.due_statutory, reopened.due_current) == (
        open_still.due_first,
        open_still.due_statutory,
        open_still.due_current,
    )
    assert phases_of(reopened, by_extension=True) == phases_of(open_still, by_extension=True)


def test_it_may_be_asked_for_a_supplement_again() -> None:
    dossier = given.dossier(
        ACCEPTED,
        FINISHED,
        REOPENED,
        given.event("supplement_requested", "2026-03-12 10:00"),
        given.event("supplemented", "2026-03-13 10:00"),
    )

    assert dossier.due_statutory == given.moment("2026-03-20 17:00")
