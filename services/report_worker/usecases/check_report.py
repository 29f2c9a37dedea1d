"""Check the typed figures of a report against its form."""

from collections.abc import Mapping

from report_worker.domain.checking import Check, TypedTable, UnknownFigures, check_typed, check_typed_table
from report_worker.domain.expressions import Number
from report_worker.domain.forms import ColumnsForm, Form, Forms


def check_report(
    code: str, figures: TypedTable | Mapping[str, Number], *, version: int | None, forms: Forms
) -> tuple[Form, list[Check]]:
    """Return the form and every identity that the typed cells settle, judged.

    Raises FormNotFound, UnknownFigures.
    """
    form = forms.get(code, version=version)
    if not isinstance(figures, TypedTable):
        return form, check_typed(form, figures)
    if not isinstance(form, ColumnsForm):
        raise UnknownFigures(code, ["columns", "rows"])
    return form, check_typed_table(form, figures)
