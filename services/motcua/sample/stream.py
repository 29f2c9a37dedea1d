"""The sample's events, as the counters would have sent them, oldest first."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from random import Random

import msgspec

from motcua.sample.dossiers import DossierMaker, SampleDossier
from motcua.sample.office_time import MINUTES_A_DAY, OfficeTime

SEED = 20200630
TYPE = "vn.motcua.dossier.{}.v1"
COUNTERS = {"province": 12, "district": 4, "commune": 2}
RETURNED_SHARE = 0.92
RATED_SHARE = 0.02
# Of the submissions on an earlier day than the answer, one in three comes in the evening.
EVENING_EVERY = 3
EVENING_HOUR = 18
OUTCOMES = ("granted", "rejected", "granted_in_part")
OUTCOME_WEIGHTS = (97.3, 2.1, 0.6)
REFUSALS = ("incomplete", "not_competent", "wrong_form")
REQUESTS = ("missing_document", "wrong_form", "unclear_copy")
SCORES = (5, 5, 5, 5, 4, 4, 3, 2)

Data = dict[str, str | int]
Step = tuple[str, str, Data]


class SampleEvent(msgspec.Struct, frozen=True):
    """A CloudEvent of a dossier.  Rule: contract section 3."""

    id: str
    source: str
    type: str
    time: str
    subject: str
    data: Data
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


def make_stream(seed: int = SEED) -> list[SampleEvent]:
    """Return every event of the sample, oldest first, those of one dossier in their order."""
    maker = DossierMaker(seed)
    teller = Teller(maker.office, seed)
    dossiers = sorted(maker.make(), key=lambda dossier: dossier.opened)
    events = [event for code, dossier in with_codes(dossiers, maker.office) for event in teller.tell(code, dossier)]
    return sorted(events, key=lambda event: event.time)


def stream_name(seed: int = SEED) -> str:
    """Return what tells this sample from another: the seed and the format."""
    return hashlib.sha256(f"lai-chau-2020-h1 {seed} 1".encode()).hexdigest()[:16]


def with_codes(dossiers: list[SampleDossier], office: OfficeTime) -> Iterator[tuple[str, SampleDossier]]:
    """Number each unit's dossiers of a day.

    Rule: TT 01/2018/TT-VPCP Đ.19: unit code, day, four-digit serial of the day.
    """
    serials: Counter[str] = Counter()
    for dossier in dossiers:
        stem = f"{_code_stem(dossier.unit_code)}-{office.day(dossier.opened).replace('-', '')[2:]}"
        serials[stem] += 1
        yield f"{stem}-{serials[stem]:04}", dossier


def _code_stem(unit_code: str) -> str:
    """Write `H35.12.15` the way codes do, smallest unit first: `000.15.12.H35`."""
    _, own, *below = unit_code.split(".")
    return f"000.{below[0] if below else '00'}.{own}.H35"


class Teller:
    """Tells a dossier's life as events."""

    def __init__(self, office: OfficeTime, seed: int) -> None:
        self._office = office
        self._random = Random(seed)  # noqa: S311  # invented data; the same seed must give the same

    def tell(self, code: str, dossier: SampleDossier) -> Iterator[SampleEvent]:
        """Yield a dossier's events in their order."""
        unit = dossier.receiving_unit_code
        counter = f"/units/{unit}/counters/{self._random.randint(1, COUNTERS[dossier.procedure.level])}"
        for place, (name, time, data) in enumerate(self._steps(dossier), start=1):
            source = f"/units/{unit}/portal" if name == "submitted" else counter
            yield SampleEvent(f"{code}-{place}", source, TYPE.format(name), time, code, data)

    def _steps(self, dossier: SampleDossier) -> Iterator[Step]:
        if dossier.submitted is not None:
            yield "submitted", self._submission_time(dossier.submitted, dossier.times.accepted), _filing(dossier)
        if dossier.is_refused:
            yield "refused", self._time(dossier.times.accepted), {"reason": self._random.choice(REFUSALS)}
        else:
            yield "accepted", self._time(dossier.times.accepted), _filing(dossier)
            yield from self._supplement(dossier)
            yield from self._end(dossier)

    def _supplement(self, dossier: SampleDossier) -> Iterator[Step]:
        if dossier.times.requested is not None:
            reason = self._random.choice(REQUESTS)
            yield "supplement_requested", self._time(dossier.times.requested), {"reason": reason}
        if dossier.times.supplemented is not None:
            yield "supplemented", self._time(dossier.times.supplemented), {}

    def _end(self, dossier: SampleDossier) -> Iterator[Step]:
        finished = dossier.times.finished
        if finished is None:
            return
        yield "finished", self._time(finished), {"outcome": self._random.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]}
        returned = finished + 3 + int(self._random.expovariate(1 / (MINUTES_A_DAY / 2)))
        # The sample ends with its period: what is fetched later is not told.
        if self._random.random() < RETURNED_SHARE and returned + 2 < self._office.end:
            channel = "postal" if dossier.channel == "postal" else "direct"
            yield "returned", self._time(returned), {"channel": channel}
            if self._random.random() < RATED_SHARE:
                yield "rated", self._time(returned + 1), {"score": self._random.choice(SCORES)}

    def _time(self, minute: int) -> str:
        return self._office.text(minute, self._random.randrange(60))

    def _submission_time(self, submitted: int, answered: int) -> str:
        is_earlier = submitted // MINUTES_A_DAY < answered // MINUTES_A_DAY
        if not is_earlier or submitted % EVENING_EVERY:
            return self._time(submitted)
        hour, minute = EVENING_HOUR + submitted % 4, submitted % 60
        return f"{self._office.day(submitted)}T{hour}:{minute:02}:{self._random.randrange(60):02}+07:00"


def _filing(dossier: SampleDossier) -> Data:
    data: Data = {
        "procedure_code": dossier.procedure.code,
        "unit_code": dossier.unit_code,
        "channel": dossier.channel,
    }
    if dossier.receiving_unit_code != dossier.unit_code:
        data["receiving_unit_code"] = dossier.receiving_unit_code
    return data
