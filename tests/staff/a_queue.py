"""A queue as the tests of it begin: requests on permits of their own, by the dozen or by the thousand."""

from datetime import timedelta

from tests.cast import NOW, WEDNESDAY, Signer, permit_of
from tests.page import Page
from tracker.models import Inspection, Permit, Request
from tracker.queries.city import inspection_types

CODES = ("PLRGH", "FORM", "TPOLE", "SEWER", "MERGH")


def many(who: Signer, count: int) -> None:
    """So many open requests, on five days, each on a permit of its own; written without their actions."""
    model = permit_of(who.company, "BP-2026-20000", trade="general")
    kept = {name: value for name, value in model.__data__.items() if name != "id"}
    types = inspection_types()
    permits = [
        {**kept, "permit_num": f"BP-2026-{30_000 + n}", "original_address1": f"{100 + n} Mockingbird Row"}
        for n in range(count)
    ]
    ids = _inserted(Permit, permits)
    requests = _inserted(Request, [
        {"key": f"many-{n}", "digest": "", "permit": id, "contractor": who.company.id, "contact_name": "Pat Moreno",
         "phone": "512-555-0171", "site_address": f"{100 + n} Mockingbird Row", "email": "pat@hill.example",
         "language": "en", "requested_at": NOW - timedelta(hours=n % 400)}
        for n, id in enumerate(ids)
    ])  # fmt: skip
    _inserted(Inspection, [
        {"request": request, "permit": id, "contractor": who.company.id,
         "inspection_type": types[CODES[n % 5]].id, "open_type": types[CODES[n % 5]].id, "status": "requested",
         "day": WEDNESDAY + timedelta(days=n % 3), "time_frame": "any", "remarks": "Gate code 4711",
         "requested_at": NOW - timedelta(hours=n % 400)}
        for n, (id, request) in enumerate(zip(ids, requests, strict=True))
    ])  # fmt: skip


def _inserted(model, rows: list[dict]) -> list[int]:
    ids: list[int] = []
    for first in range(0, len(rows), 400):
        made = model.insert_many(rows[first : first + 400]).returning(model.id).tuples().execute()
        ids += [id for (id,) in made]
    return ids


def shown(page: Page) -> list[str]:
    """The addresses of the rows, in their order."""
    return [tag.get_text() for tag in page.select("#rows td .go2 b")]


def tick(page: Page, *ids: int) -> list[str]:
    """The values of these rows' ticks, as the page has them."""
    return [str(page.one(f"#t{id}")["value"]) for id in ids]
