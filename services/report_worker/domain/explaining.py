"""A failing identity in words, for the person who typed the figures."""

from collections.abc import Callable, Mapping

from report_worker.domain.expressions import Number
from report_worker.domain.forms import LEVEL_NAMES, ColumnsForm, Form
from report_worker.domain.identities import Verdict
from report_worker.domain.printing import printer_of
from report_worker.domain.wording import Wording

SUMMED = {
    "levels": Wording("các cấp", "levels"),
    "fields": Wording("các lĩnh vực", "fields"),
    "rows": Wording("các dòng", "lines"),
}


def in_words(identity: str, form: Form, language: str) -> str:
    """Return an identity with the captions of its figures; the columns of a table go by their numbers."""
    captions = {"<=": "≤"} | {name: words[language] for name, words in SUMMED.items()}
    if not isinstance(form, ColumnsForm):
        captions |= {name: form.caption_of(name)[language] for name in form.names if name in identity}
    return " ".join(captions.get(token, token) for token in identity.split())


def explain(verdict: Verdict, form: Form, *, group: Mapping[str, str], language: str) -> str:
    """Say which sides differ and by how much, and what a blank cell must hold."""
    names = [name for name in form.names if name in verdict.identity.split()]
    shows_rate = any(form.is_rate(name) for name in names)
    show = printer_of(is_rate=shows_rate)
    parts = [_where(group, language) + in_words(verdict.identity, form, language) + _sides(verdict, show, language)]
    if verdict.blank is not None and verdict.needed is not None:
        parts.append(_blank(verdict.blank, verdict.needed, form=form, language=language))
    return " ".join(parts)


def name_of_group(group: Mapping[str, str], language: str) -> str:
    """Return what people call a line: its level, then its field."""
    words = [LEVEL_NAMES[value][language] if value in LEVEL_NAMES else value for value in group.values()]
    return ", ".join(words)


def _where(group: Mapping[str, str], language: str) -> str:
    return f"{name_of_group(group, language)}: " if group else ""


def _sides(verdict: Verdict, show: Callable[[Number | None, str], str], language: str) -> str:
    left, right, difference = (
        show(number, language) for number in (verdict.left, verdict.right, abs(verdict.difference))
    )
    if language == "en":
        return f" fails: {left} on the left, {right} on the right, {difference} apart."
    return f" không đúng: vế trái {left}, vế phải {right}, chênh {difference}."


def _blank(name: str, needed: Number, *, form: Form, language: str) -> str:
    caption = form.caption_of(name)[language]
    value = printer_of(is_rate=form.is_rate(name))(needed, language)
    if language == "en":
        return f"{name} ({caption}) is blank; it must be {value}."
    return f"Ô {name} ({caption}) để trống; phải là {value}."
