"""By what a published report is known again: hashes over what it says and over its files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from report_worker.domain.figures import Figures

OVERRIDE = {
    "vi": "Báo cáo được công bố dù có {failing} đẳng thức không đúng ({identities}). Lý do: {note}",
    "en": "Published although {failing} identities fail ({identities}). Reason: {note}",
}


def seal_of(sealed: Mapping[str, Any]) -> str:
    """Return the hex SHA-256 of a report's order and content, as the database keeps them.

    Over the kept JSON, its members sorted: a later release that reads it otherwise changes no hash.
    """
    canonical = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hash_of(canonical.encode())


def hash_of(body: bytes) -> str:
    """Return the hex SHA-256 of some bytes."""
    return hashlib.sha256(body).hexdigest()


def with_override(figures: Figures, note: str, *, identities: Sequence[str], language: str) -> Figures:
    """Return the figures with a footnote that says why they stand.  Rule: domain f.2."""
    text = OVERRIDE[language].format(failing=len(identities), identities="; ".join(identities), note=note)
    return replace(figures, remarks=(*figures.remarks, text))
