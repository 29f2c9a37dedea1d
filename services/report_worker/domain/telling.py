"""Fills a narrative: its figures, what they are held against, and the words around them."""

from collections.abc import Iterable, Iterator, Mapping

from report_worker.domain.figures import EarlierFigures, FigureValue, NarrativeFigures, Outcome
from report_worker.domain.forms import NarrativeForm
from report_worker.domain.letterheads import cover_of, letterhead_of, named
from report_worker.domain.numbers import Numbers
from report_worker.domain.printing import print_day, print_period
from report_worker.domain.remarks import remarks_on
from report_worker.domain.targets import Target
from report_worker.domain.values import values_of
from report_worker.domain.windows import PREVIOUS, YEAR_AGO, Subject, Window, earlier_windows, window_label
from report_worker.domain.wording import Wording
from report_worker.domain.writing import Writer
from shared.periods import Period

REPORT = Wording("BÁO CÁO", "REPORT")
NOT_ANSWERED = Wording(
    "Mục tiêu không đối chiếu được bằng chỉ tiêu của biểu này: {0}.",
    "Targets that no figure of this form answers: {0}.",
)
# What paragraphs may say beside figures.
FACTS = frozenset(
    {"unit", "agency", "period", "first_day", "last_day", "as_of"}
    | {"targets_met", "targets_judged", "targets_unmet", "targets_unmet_names", "targets_source"}
    | {YEAR_AGO, PREVIOUS}
)


def fill_narrative(
    form: NarrativeForm, numbers: Numbers, subject: Subject, targets: tuple[Target, ...]
) -> NarrativeFigures:
    """Fill a narrative from numbers and hold it against the targets.  Raises SourceMissing."""
    values = values_of(form.figures, numbers)
    earlier = {
        key: _earlier(form, key, window, numbers=numbers.windows.get(key), language=subject.language)
        for key, window in earlier_windows(subject).items()
    }
    in_force = [one for one in targets if one.was_in_force(subject.period.last)]
    outcomes = tuple(_outcomes(form, in_force, values))
    letterhead = letterhead_of(form.letterheads, subject)
    names = {"unit": letterhead.in_text, "agency": letterhead.agency}
    written = {key: named(one[subject.language], letterhead, subject.unit) for key, one in names.items()}
    named_as = {key: name.replace("\n", " ") for key, name in written.items()}
    labels = {key: one.label for key, one in earlier.items()}
    facts = {**named_as, **labels, **_facts(subject), **_facts_of_targets(form, outcomes, subject.language)}
    writer = Writer(form, subject.language, facts, values, earlier, outcomes)
    return NarrativeFigures(
        values,
        earlier,
        outcomes,
        cover_of(letterhead, subject, kind=REPORT, subject_line=writer.plain(form.subject_line[subject.language])),
        tuple(writer.blocks()),
        (*remarks_on(form, numbers, subject), *_remarks_on_targets(form, in_force, subject.language)),
    )


def _earlier(
    form: NarrativeForm, key: str, window: Window, *, numbers: Numbers | None, language: str
) -> EarlierFigures:
    """Return an earlier period; one without a single dossier lies before the system's time and has no values."""
    printed = _name_of(window.name, window.period, language)
    has_data = numbers is not None and numbers.has_data
    values = values_of(form.compared_figures, numbers) if numbers is not None and has_data else {}
    return EarlierFigures(
        window_label(key, window, language=language, printed=printed), window.period.start, window.as_of, values
    )


def _name_of(name: str, period: Period, language: str) -> str:
    """Return a period's name, or its days where it has none."""
    first, last = (print_day(day, language) for day in (period.start, period.last))
    days = f"{first} to {last}" if language == "en" else f"Kỳ từ ngày {first} đến ngày {last}"
    return print_period(name, language) or days


def _outcomes(form: NarrativeForm, targets: Iterable[Target], values: Mapping[str, FigureValue]) -> Iterator[Outcome]:
    """Judge the targets that one of the form's figures answers."""
    for target in targets:
        goal = target.goal
        if goal is not None and goal.indicator in form.judged:
            name = form.judged[goal.indicator]
            exact = values[name].exact
            is_met = None if exact is None else goal.is_met_by(exact)
            yield Outcome(name, goal.aim, goal.threshold, target.source, values[name].value, is_met)


def _remarks_on_targets(form: NarrativeForm, targets: Iterable[Target], language: str) -> Iterator[str]:
    """Name the targets that no figure of the form can answer: left out unsaid they would look met."""
    names = [one.name[language] for one in targets if one.goal is None or one.goal.indicator not in form.judged]
    if names:
        yield NOT_ANSWERED[language].format("; ".join(names))


def _facts(subject: Subject) -> Mapping[str, str]:
    """Return what paragraphs may say of the report's days."""
    language = subject.language
    period = _name_of(subject.period_name, subject.period, language)
    return {
        "period": period if language == "en" else f"{period[:1].lower()}{period[1:]}",
        "first_day": print_day(subject.period.start, language),
        "last_day": print_day(min(subject.period.last, subject.as_of), language),
        "as_of": print_day(subject.as_of, language),
    }


def _facts_of_targets(form: NarrativeForm, outcomes: tuple[Outcome, ...], language: str) -> Mapping[str, str]:
    """Return what paragraphs may say of the targets as a whole."""
    unmet = [one for one in outcomes if one.is_met is False]
    captions = [form.by_name[one.figure].caption[language] for one in unmet]
    return {
        "targets_met": f"{sum(one.is_met is True for one in outcomes)}",
        "targets_judged": f"{sum(one.is_met is not None for one in outcomes)}",
        "targets_unmet": f"{len(unmet)}",
        "targets_unmet_names": "; ".join(f"{caption[:1].lower()}{caption[1:]}" for caption in captions),
        "targets_source": "; ".join(dict.fromkeys(one.source for one in outcomes)),
    }
