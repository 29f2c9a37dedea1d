"""From a figure to the dossiers behind it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from indicator_api.domain.selection import TIME, Dimension, Selection
from indicator_api.domain.slices import Slice
from indicator_api.routes.queries import SelectionQuery

# What a link says in other words, or what only the question it came from was about.
_NOT_CARRIED = {"period", "cutoff", "as_of", "min_position", "group_by"}


class DossierLinks:
    """Makes the links of one answer: its own selection, narrowed to a row's group and days."""

    def __init__(self, path: str, query: SelectionQuery, selection: Selection, *, of: str) -> None:
        carried = query.model_dump(mode="json", exclude=_NOT_CARRIED, exclude_defaults=True)
        self._carried = {**carried, "unit": selection.unit_code} if selection.unit_code else carried
        self._path = path
        self._of = of

    def to(self, labels: Mapping[Dimension, str], one: Slice) -> str:
        """Return the link of one row."""
        narrowed = {**self._carried, "period": f"{one.start}/{one.end}"}
        narrowed |= {dimension.value: label for dimension, label in labels.items() if dimension not in TIME}
        if Dimension.UNIT in labels or narrowed.get("subtree") is False:
            narrowed["subtree"] = "false"
        return f"{self._path}?{urlencode(narrowed)}&{self._of}"
