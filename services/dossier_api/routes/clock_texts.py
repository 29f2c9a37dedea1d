"""The clock in the citizen's words, Vietnamese and English."""

from datetime import datetime, time

from dossier_api.domain.catalogue import ProcedureVersion, ProcessingTime
from dossier_api.domain.dossier import Dossier
from dossier_api.domain.explained_days import ExplainedDay, Why
from dossier_api.domain.explanation import Step, StepKind
from dossier_api.routes import clock_wording as wording
from shared.contracts.life import Phase
from shared.http.languages import Language


def sentence_of(step: Step, term: ProcessingTime, language: Language) -> str:
    """Return one step as a sentence."""
    said = {name: getattr(step, name) for name in ("before", "due", "due_current")}
    moments = {name: moment_of(at, language) if at else wording.NO_LIMIT[language] for name, at in said.items()}
    end = moment_of(step.end, language) if step.end else wording.TODAY[language]
    start, told = moment_of(step.start, language), term_of(term, language)
    is_limited = step.kind is not StepKind.COUNTED or step.due is not None
    sentence = wording.SENTENCES[step.kind] if is_limited else wording.COUNTED_WITHOUT_LIMIT
    return sentence[language].format(start=start, end=end, term=told, **moments)


def rule_of(step: Step, version: ProcedureVersion, language: Language) -> str:
    """Return the rule a step follows."""
    if step.kind is StepKind.COUNTED:
        counted = wording.NO_DUE_DATE if step.due is None else wording.COUNTING[version.processing_time.unit]
        return counted[language]
    if step.kind is StepKind.RESTARTED or step.kind in wording.BY_POLICY:
        return wording.SUPPLEMENT[version.supplement_policy][language]
    return wording.RULES[step.kind][language]


def conclusion_of(dossier: Dossier, phase: Phase | None, language: Language) -> str:
    """Return how a dossier stands as a sentence."""
    if dossier.status in wording.WAITS and phase is not Phase.OVERDUE:
        return wording.WAITS[dossier.status][language]
    if phase is None or (phase is Phase.IN_TIME and dossier.due_statutory is None):
        return wording.OPEN_WITHOUT_LIMIT[language]
    return wording.PHASES[phase][language]


def why_of(explained: ExplainedDay, language: Language) -> str:
    """Return why a day counts or does not, with the decision that says so."""
    if explained.why is Why.WEEKEND:
        return wording.WEEKEND[language]
    is_instead = explained.why is Why.WORKED_INSTEAD
    said = wording.WORKED_INSTEAD[language] if is_instead else explained.name or wording.OFFICIAL[language]
    return f"{said} – {explained.decision}" if explained.decision else said


def term_of(term: ProcessingTime, language: Language) -> str:
    """Return a processing time in words."""
    if term.amount is None:
        return wording.NO_LIMIT[language]
    one, many = wording.UNITS[term.unit]
    return f"{term.amount} {(one if term.amount == 1 else many)[language]}"


def moment_of(moment: datetime, language: Language) -> str:
    """Return an instant as people write it, midnight as a bare day: `17:00 ngày 09/03/2026`."""
    if language is Language.EN:
        day = f"{moment.day} {moment:%B %Y}"
        return day if moment.time() == time.min else f"{moment:%H:%M} on {day}"
    return f"{moment:%d/%m/%Y}" if moment.time() == time.min else f"{moment:%H:%M} ngày {moment:%d/%m/%Y}"
