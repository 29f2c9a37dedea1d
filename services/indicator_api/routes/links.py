"""From a figure to the dossiers behind it."""

from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode

from indicator_api.domain.selection import TIME, Dimension, Selection
from indicator_api.domain.slices import Slice
from indicator_api.routes.queries import TableQuery

# What a link says in other words, or what only the question it came from was about.
_NOT_CARRIED = {"period", "cutoff", "as_of", "min_position", "group_by", "bom"}


class DossierLinks:
    """Makes the links of one answer: its own selection, narrowed to a row's group and days."""

    def __init__(self, path: str, query: TableQuery, selection: Selection, *, of: str) -> None:
        carried = query.model_dump(mode="json", exclude=_NOT_CARRIED, exclude_defaults=True)
        carried |= {"unit": selection.unit_code} if selection.unit_code else {}
        carried |= {"subtree": "false"} if Dimension.UNIT in query.group_by or not query.subtree else {}
        kept = {name: value for name, value in carried.items() if name not in query.group_by}
        self._start = f"{path}?{urlencode(kept, doseq=True)}{'&' if kept else ''}period="
        self._end = f"&{of}"

    def to(self, labels: Mapping[Dimension, str], one: Slice) -> str:
        """Return the link of one row."""
        narrowed = "".join(f"&{name}={quote_plus(label)}" for name, label in labels.items() if name not in TIME)
        return f"{self._start}{one.start}%2F{one.end}{narrowed}{self._end}"
