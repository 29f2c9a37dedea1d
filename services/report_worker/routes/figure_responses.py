"""What clients are answered about the figures of a report: tables, narratives, series."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

Number = int | float


class RowResponse(BaseModel):
    """One line of a table, its numbers by column; `footnoted` names columns that a remark explains."""

    group: dict[str, str]
    columns: dict[str, int | None]
    of_which: dict[str, int]
    footnoted: list[str]


class TableFiguresResponse(BaseModel):
    """A filled table."""

    rows: list[RowResponse]
    levels: list[RowResponse]
    total: RowResponse
    remarks: list[str]


class FigureValueResponse(BaseModel):
    """A figure, printed and bound to its source; a rate lies between 0 and 1 and is null of nothing.

    What units report is null, numerator too, until they have.
    """

    caption: str
    value: Number | None
    numerator: int | None
    denominator: int | None
    printed: str
    source: str
    is_reported: bool


class EarlierValueResponse(BaseModel):
    """An earlier period's figure; `change` is this period's less that, `change_share` that of a count over it."""

    value: Number | None
    numerator: int | None
    denominator: int | None
    printed: str
    change: Number | None
    change_share: float | None


class EarlierResponse(BaseModel):
    """The compared figures of an earlier period; empty where it holds no dossier at all."""

    label: str
    from_: date = Field(alias="from")
    as_of: date
    values: dict[str, EarlierValueResponse]


class TargetResponse(BaseModel):
    """A target in force, what came of it, and whether that is enough; null where there is nothing to judge."""

    figure: str
    aim: Literal[">=", ">", "<=", "<"]
    threshold: float
    source: str
    value: Number | None
    is_met: bool | None


class NarrativeFiguresResponse(BaseModel):
    """Filled figures by name, what they are held against, and the document.

    `blocks` are its paragraphs, tables and charts in order; each run of text names the figure it prints.
    """

    values: dict[str, FigureValueResponse]
    earlier: dict[str, EarlierResponse]
    targets: list[TargetResponse]
    paragraphs: list[str]
    blocks: list[dict[str, Any]]
    remarks: list[str]


class YearResponse(BaseModel):
    """One year of a series."""

    year: str
    as_of: date
    values: dict[str, FigureValueResponse]


class SeriesFiguresResponse(BaseModel):
    """Figures by name, a column a year."""

    years: list[YearResponse]
    remarks: list[str]
