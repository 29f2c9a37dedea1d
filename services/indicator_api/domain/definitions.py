"""The registry of indicators: what each means, how it is computed and where that stands written."""

from collections.abc import Mapping
from types import MappingProxyType

from indicator_api.domain.conduct import CONDUCT
from indicator_api.domain.formulae import Definition
from indicator_api.domain.one_stop import ONE_STOP
from indicator_api.domain.online_use import ONLINE
from indicator_api.domain.timeliness import TIMELINESS
from shared.errors import DomainError


class IndicatorNotFound(DomainError):
    """The registry holds no such indicator."""

    code = "indicator-not-found"

    def __init__(self, indicator: str) -> None:
        super().__init__(f"there is no indicator {indicator}")
        self.indicator = indicator


DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {one.id: one for one in (*TIMELINESS, *ONLINE, *CONDUCT, *ONE_STOP)}
)


def definition_of(indicator: str) -> Definition:
    """Return the current definition; raises IndicatorNotFound."""
    try:
        return DEFINITIONS[indicator]
    except KeyError:
        raise IndicatorNotFound(indicator) from None
