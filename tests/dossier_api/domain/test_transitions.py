"""The whole matrix: every kind of event against every status.  Rule: contract section 3; domain b.2."""

from datetime import datetime, timedelta

import pytest

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.errors import DossierUnknown, IllegalMove
from dossier_api.domain.events import Event, EventKind
from dossier_api.domain.fold import fold
from dossier_api.domain.transitions import Status
from tests.dossier_api import given

START = given.moment("2026-03-02 08:00")
# How a dossier comes to stand where it stands.
PATHS = {
    "none": "",
    "submitted": "submitted",
    "processing": "accepted",
    "processing, system down": "accepted outage_started",
    "processing, extended": "accepted extended",
    "awaiting_supplement": "accepted supplement_requested",
    "awaiting_payment": "accepted payment_requested",
    "refused": "submitted refused",
    "finished": "accepted finished",
    "returned": "accepted finished returned",
    "withdrawn": "accepted withdrawn",
    "stopped": "accepted stopped",
}
OPEN = "transferred extended outage_started stopped"
# What each may meet; everything else is refused.
MAY_MEET = {
    "none": "submitted accepted",
    "submitted": "accepted refused transferred",
    "processing": f"{OPEN} supplement_requested payment_requested finished withdrawn",
    "processing, system down": "transferred extended stopped outage_ended supplement_requested payment_requested "
    "finished withdrawn",
    "processing, extended": "transferred stopped outage_started supplement_requested payment_requested "
    "finished withdrawn",
    "awaiting_supplement": f"{OPEN} supplemented withdrawn",
    "awaiting_payment": f"{OPEN} paid",
    "refused": "",
    "finished": "returned reopened rated",
    "returned": "rated",
    "withdrawn": "",
    "stopped": "",
}
LEADS_TO = {
    "submitted": "submitted",
    "accepted": "processing",
    "refused": "refused",
    "supplement_requested": "awaiting_supplement",
    "supplemented": "processing",
    "payment_requested": "awaiting_payment",
    "paid": "processing",
    "finished": "finished",
    "returned": "returned",
    "withdrawn": "withdrawn",
    "stopped": "stopped",
    "reopened": "processing",
}
KINDS = [kind for kind in EventKind if kind is not EventKind.VOIDED]


def event(name: str, at: datetime) -> Event:
    if name == "extended":
        return given.event(name, at, due_at=at + timedelta(days=60), reason="workload")
    return given.event(name, at)


def path_of(standing: str) -> list[Event]:
    return [event(name, START + place * timedelta(hours=1)) for place, name in enumerate(PATHS[standing].split())]


def status_of(dossier: Dossier | None) -> Status | None:
    return dossier.status if dossier else None


@pytest.mark.parametrize("standing", PATHS)
def test_every_path_leads_where_it_says(standing: str) -> None:
    folded = fold(path_of(standing), given.rules())

    assert folded.refused == {}
    assert (status_of(folded.dossier) or "none") == standing.partition(",")[0]


@pytest.mark.parametrize(
    ("standing", "name"), [(standing, name) for standing in PATHS for name in MAY_MEET[standing].split()]
)
def test_what_may_happen_leads_on(standing: str, name: str) -> None:
    path = path_of(standing)

    folded = fold([*path, event(name, START + timedelta(days=1))], given.rules())

    assert folded.refused == {}
    assert status_of(folded.dossier) == LEADS_TO.get(name, standing.partition(",")[0])


@pytest.mark.parametrize(
    ("standing", "name"),
    [
        (standing, kind.value)
        for standing in PATHS
        for kind in KINDS
        if kind not in MAY_MEET[standing].split() and (standing, kind) != ("processing, extended", EventKind.EXTENDED)
    ],
)
def test_all_else_is_refused_and_changes_nothing(standing: str, name: str) -> None:
    path, refused = path_of(standing), event(name, START + timedelta(days=1))

    folded = fold([*path, refused], given.rules())

    expected = DossierUnknown if standing == "none" else IllegalMove
    assert {identity: type(error) for identity, error in folded.refused.items()} == {refused.identity: expected}
    assert folded.dossier == fold(path, given.rules()).dossier


def test_the_matrix_leaves_no_status_out() -> None:
    assert {standing.partition(",")[0] for standing in PATHS} == {*Status, "none"}
