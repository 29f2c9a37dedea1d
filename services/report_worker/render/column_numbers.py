"""What a table's workbook and its PDF both print: the numbers below the heading, the starred remarks."""

import re

from report_worker.domain.figures import TableFigures
from report_worker.domain.forms import ColumnsForm
from report_worker.domain.identities import Identity, Relation


def number_of(form: ColumnsForm, code: str) -> str:
    """Return `(3)=(4)+(5)+(6)` for a column that an identity sums, else `(4)`."""
    sums = [one for one in form.identities if _is_sum_of(one, code)]
    return re.sub(r"\w+", r"(\g<0>)", str(sums[0]) if sums else code).replace(" ", "")


def starred(figures: TableFigures) -> list[str]:
    """Return the remarks, the first with the star of the cells it explains."""
    has_star = any(row.footnoted for row in (*figures.rows, *figures.levels, figures.total))
    return [f"(*) {one}" if has_star and place == 0 else one for place, one in enumerate(figures.remarks)]


def _is_sum_of(identity: Identity, code: str) -> bool:
    return identity.relation is Relation.EQUAL and identity.left.names == (code,)
