"""Keyset pages with opaque cursors and no totals.  Rule: contract section 1."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.errors import InvalidRequest

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list, in its order; `next` continues it."""

    items: list[Item]
    next: str | None
    has_more: bool


def page_of(found: Sequence[Item], *, limit: int, key: Callable[[Item], list[str]]) -> Page[Item]:
    """Cut `limit` items from a list that was read with one more than asked for."""
    items = list(found[:limit])
    has_more = len(found) > limit
    return Page(items=items, next=cursor_of(key(items[-1])) if has_more else None, has_more=has_more)


def cursor_of(key: list[str]) -> str:
    """Wrap the sort key of the last item given."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(cursor: str | None, *, parts: int) -> list[str] | None:
    """Unwrap a cursor; raises InvalidRequest for one that this list did not give."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != parts or not all(_is_given(part) for part in key):
        raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list")
    return key


def _is_given(part: object) -> bool:
    """Say whether a list can have given this; no text of the database holds a NUL."""
    return isinstance(part, str) and "\0" not in part
