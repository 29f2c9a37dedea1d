"""An event undone: it stays in the log, and the dossier is as if it had never happened.  Rule: contract section 3."""

import pytest

from dossier_api.domain.events import Event
from dossier_api.domain.fold import fold
from dossier_api.domain.life import life_of
from dossier_api.domain.transitions import Status
from shared.contracts.life import PlacementFrom
from tests.dossier_api import given
from tests.dossier_api.domain.desk import Desk

ACCEPTED = given.event("accepted", "2026-03-02 09:00", id="accepted")
ASKED = given.event("supplement_requested", "2026-03-04 09:00", id="asked")
COMPLETED = given.event("supplemented", "2026-03-06 09:00", id="completed")
FINISHED = given.event("finished", "2026-03-09 09:00", id="finished")


def void(event_id: str, when: str = "2026-03-10 09:00", *, id: str = "void", source: str = given.SOURCE) -> Event:  # noqa: A002
    return given.event("voided", when, id=id, source=source, event_id=event_id, reason="typing-error")


@pytest.mark.parametrize(
    ("history", "voided", "left"),
    [
        pytest.param([ACCEPTED, FINISHED], "finished", [ACCEPTED], id="the-last"),
        pytest.param([ACCEPTED, ASKED], "asked", [ACCEPTED], id="a-request"),
        pytest.param([ACCEPTED, ASKED, COMPLETED, FINISHED], "finished", [ACCEPTED, ASKED, COMPLETED], id="a-finish"),
    ],
)
def test_a_voided_event_never_happened(history: list[Event], voided: str, left: list[Event]) -> None:
    assert fold([*history, void(voided)], given.rules()) == fold(left, given.rules())


def test_what_built_on_a_voided_event_is_refused() -> None:
    folded = fold([ACCEPTED, ASKED, COMPLETED, FINISHED, void("asked")], given.rules())

    assert {identity[1]: error.code for identity, error in folded.refused.items()} == {"completed": "illegal-move"}
    assert folded.dossier == fold([ACCEPTED, FINISHED], given.rules()).dossier


@pytest.mark.parametrize(
    ("events", "voided"),
    [
        pytest.param([ACCEPTED], "nothing", id="no-such-event"),
        pytest.param([ACCEPTED, FINISHED, void("finished")], "void", id="a-voiding"),
        pytest.param([ACCEPTED], "again", id="itself"),
        pytest.param([ACCEPTED, FINISHED, void("finished")], "finished", id="one-undone-already"),
    ],
)
def test_only_an_event_of_the_dossier_that_is_no_voiding_can_be_voided(events: list[Event], voided: str) -> None:
    again = void(voided, "2026-03-11 09:00", id="again")

    folded = fold([*events, again], given.rules())

    assert {identity[1]: error.code for identity, error in folded.refused.items()} == {"again": "event-unknown"}
    assert folded.dossier == fold(events, given.rules()).dossier


def test_an_event_of_another_dossier_cannot_be_voided() -> None:
    desk = Desk()
    desk.post(ACCEPTED, given.event("accepted", "2026-03-02 09:00", id="other", dossier="another"))

    assert desk.verdicts(void("other")) == ["event-unknown"]


def test_of_two_events_of_one_id_the_voiding_s_own_source_is_meant() -> None:
    asked = given.event("supplement_requested", "2026-03-03 09:00", id="7", source="/a")
    completed = given.event("supplemented", "2026-03-04 09:00", id="7", source="/b")
    events = [ACCEPTED, asked, completed]

    assert fold([*events, void("7", source="/b")], given.rules()).dossier == given.dossier(ACCEPTED, asked)
    assert fold([*events, void("7", source="/c")], given.rules()).dossier == given.dossier(ACCEPTED)


def test_an_own_event_that_arrives_after_its_voiding_is_the_one_meant() -> None:
    asked = given.event("supplement_requested", "2026-03-03 09:00", id="7", source="/a")
    paid = given.event("payment_requested", "2026-03-11 09:00", id="7", source="/b")
    desk = Desk()

    assert desk.verdicts(ACCEPTED, asked, void("7", source="/b")) == ["accepted"] * 3
    desk.post(paid)

    assert desk.dossier() == fold([ACCEPTED, asked, void("7", source="/b"), paid], given.rules()).dossier


def test_voiding_the_acceptance_of_a_filed_dossier_leaves_it_filed() -> None:
    desk = Desk()

    assert desk.verdicts(given.event("submitted", "2026-03-01 09:00"), ACCEPTED, void("accepted")) == ["accepted"] * 3
    dossier = desk.dossier()
    assert dossier is not None
    assert (dossier.status, dossier.accepted_at, dossier.due_first) == (Status.SUBMITTED, None, None)


def test_voiding_all_that_made_a_dossier_leaves_a_life_that_was_never_received() -> None:
    desk = Desk()

    assert desk.verdicts(ACCEPTED, FINISHED, void("accepted")) == ["accepted"] * 3

    assert desk.dossier() is None
    assert desk.refused() == {"finished": "dossier-unknown"}
    assert (desk.decisions.gone, desk.decisions.dossiers) == ({given.CODE}, {})
    life = life_of(desk.decisions.logged[-1].dossier, given.catalogue())
    assert (life.received_on, life.phases, life.marks) == (None, (), ())
    assert life.placements == (PlacementFrom(given.day("2026-03-02"), given.DISTRICT),)


def test_a_dossier_can_be_made_anew_after_its_making_was_voided() -> None:
    desk = Desk()
    desk.post(ACCEPTED, FINISHED)
    desk.post(void("accepted"))

    again = given.event("accepted", "2026-03-03 09:00", id="again")

    assert desk.verdicts(again) == ["accepted"]
    assert desk.dossier() == given.dossier(again, FINISHED)
    assert desk.refused() == {}
