"""What the report of Lai Châu prints, and what the sample adds to it."""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any

FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2020, 6, 30)
LEVELS = ("province", "district", "commune")


class Fate(StrEnum):
    """How a dossier stands at the close of the last day."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    IN_TIME = "in_time"
    WAITING = "waiting"
    OVERDUE = "overdue"


FINISHED = frozenset({Fate.EARLY, Fate.ON_TIME, Fate.LATE})


@dataclass(frozen=True)
class Invented:
    """Shares the report leaves out; what is left over of a printed total is on time, or in time."""

    early: int
    late: int
    waiting: int
    overdue: int


# The overdue add up to the 847 the report is silent about.
INVENTED = {
    "province": Invented(early=3892, late=347, waiting=78, overdue=431),
    "district": Invented(early=5812, late=340, waiting=36, overdue=276),
    "commune": Invented(early=4476, late=145, waiting=10, overdue=140),
}


def printed_figures() -> dict[str, Any]:
    """Return the figures as the report prints them, mistyped sum included."""
    text = files("motcua.sample").joinpath("data/lai_chau_2020_h1.json").read_text("utf-8")
    printed: dict[str, Any] = json.loads(text)
    return printed


def quotas(level: str) -> dict[Fate, int]:
    """Return how many dossiers of a level meet each fate."""
    dossiers = printed_figures()["dossiers"]
    resolved, in_process = dossiers["resolved"][level], dossiers["in_process"][level]
    share = INVENTED[level]
    return {
        Fate.EARLY: share.early,
        Fate.ON_TIME: resolved - share.early - share.late,
        Fate.LATE: share.late,
        Fate.IN_TIME: in_process - share.waiting - share.overdue,
        Fate.WAITING: share.waiting,
        Fate.OVERDUE: share.overdue,
    }
