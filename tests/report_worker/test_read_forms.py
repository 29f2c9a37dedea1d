import httpx


async def test_the_forms_are_listed(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v1/forms")).json()

    assert [(one["code"], one["version"], one["kind"]) for one in listed["items"]] == [
        ("II.06a", 1, "columns"),
        ("II.07b", 1, "columns"),
        ("cchc", 2, "narrative"),
        ("cchc-5nam", 1, "series"),
    ]


async def test_a_form_publishes_its_columns_captions_and_identities(client: httpx.AsyncClient) -> None:
    form = (await client.get("/v1/forms/II.06a")).json()

    assert form["figures"][-1] == {
        "name": "13",
        "caption": {"vi": "Số lượng hồ sơ đang giải quyết: Quá hạn", "en": "Dossiers in process: Overdue"},
        "kind": "count",
        "source": "open_overdue",
    }
    assert "3 = 7 + 11" in form["identities"]
    assert form["issuer"]["vi"] == "Văn phòng Chính phủ"


async def test_a_rate_publishes_what_it_divides(client: httpx.AsyncClient) -> None:
    form = (await client.get("/v1/forms/cchc")).json()

    rate = next(one for one in form["figures"] if one["name"] == "on_time_rate_total")
    assert (rate["kind"], rate["source"]) == ("rate", "on_time_rate.numerator / on_time_rate.denominator")


async def test_an_unknown_form_is_not_found(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/forms/II.99", headers={"Accept-Language": "en"})

    assert (response.status_code, response.json()["detail"]) == (404, "No form II.99; see /v1/forms.")
