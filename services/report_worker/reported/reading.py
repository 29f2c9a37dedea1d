"""Reads the catalogue of reportable figures; one that contradicts itself stops the start-up."""

from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from report_worker.domain.identities import parse_identity
from report_worker.domain.reported import ReportableFigure, ReportedCatalogue, Reporter
from report_worker.domain.wording import Wording


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _FigureFile(_Strict):
    name: str
    caption: Wording
    reporters: frozenset[Reporter]


class _CatalogueFile(_Strict):
    figures: tuple[_FigureFile, ...]
    identities: tuple[str, ...]


class ContradictoryCatalogue(Exception):
    """The catalogue names a figure twice, or an identity names one that is not there."""


def read_catalogue() -> ReportedCatalogue:
    """Read and check the catalogue of the package.  Raises ValidationError, ContradictoryCatalogue."""
    return read_catalogue_of((files(__package__) / "figures.json").read_bytes())


def read_catalogue_of(content: bytes) -> ReportedCatalogue:
    """Read and check a catalogue.  Raises ValidationError, ContradictoryCatalogue."""
    found = _CatalogueFile.model_validate_json(content)
    catalogue = ReportedCatalogue(
        tuple(ReportableFigure(one.name, one.caption, one.reporters) for one in found.figures),
        tuple(parse_identity(text) for text in found.identities),
    )
    names = [figure.name for figure in catalogue.figures]
    unknown = {name for identity in catalogue.identities for name in identity.names} - set(names)
    if unknown or len(set(names)) < len(names):
        raise ContradictoryCatalogue(f"unknown {sorted(unknown)}, or a name given twice")
    return catalogue
