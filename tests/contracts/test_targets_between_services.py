"""What indicator_api tells of targets is what report_worker reads."""

from datetime import date
from zoneinfo import ZoneInfo

import httpx

from indicator_api.domain.targets import TargetSet
from indicator_api.routes.target_models import told_set
from indicator_api.store.targets import SHIPPED
from report_worker.clients.indicators import Indicators
from report_worker.clients.targets import Targets
from report_worker.domain.forms import NarrativeForm
from report_worker.domain.targets import Aim, Goal
from report_worker.forms.reading import read_forms

TOLD = told_set(TargetSet(0, None, None, SHIPPED), ZoneInfo("Asia/Ho_Chi_Minh")).model_dump_json()


async def test_the_shipped_plan_is_read_as_it_is_told() -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=TOLD))
    async with httpx.AsyncClient(base_url="http://indicator", transport=transport) as client:
        plan = await Targets(Indicators(client)).list_of_plans(known_at=None)

    assert [one.goal for one in plan] == [
        Goal("on_time_strict", Aim.AT_LEAST, 1.0),
        Goal("one_stop_coverage", Aim.ABOVE, 0.9),
        Goal("online_usage_3", Aim.ABOVE, 0.4),
        Goal("online_usage_4", Aim.ABOVE, 0.3),
        Goal("satisfaction", Aim.AT_LEAST, 0.8),
        Goal("petitions_answered", Aim.AT_LEAST, 1.0),
    ]
    assert {(one.valid_from, one.valid_to) for one in plan} == {(date(2017, 4, 18), date(2021, 1, 1))}


def test_the_narratives_answer_every_target_of_the_shipped_plan() -> None:
    of_the_plan = {one.bands[0].conditions[0].indicator for one in SHIPPED if one.scheme == "447-2017"}
    narratives = [one for one in read_forms().all if isinstance(one, NarrativeForm)]

    assert [one.head.version for one in narratives] == [1, 2]
    assert all(of_the_plan <= one.judged.keys() for one in narratives)
