"""The real server on a disk that fills up while people request: SQLite's file may not grow by a byte for a while."""

import resource
from collections import Counter
from pathlib import Path

import pytest

from tests.cast import CONTACT
from tests.servers import smtp_sink
from tests.soak.phone import Phone
from tests.soak.services import services
from tests.soak.town import SECRET_KEY, Builder, found
from tracker.db import database, is_postgresql
from tracker.models import Inspection, Request

FREE = resource.RLIM_INFINITY


@pytest.fixture(autouse=True)
def _on_sqlite(db) -> None:
    if is_postgresql():
        pytest.skip("the disk is PostgreSQL's own")


def send(phone: Phone, address: str, form: dict[str, str]) -> int:
    return phone.once("POST", address, form).status_code


def test_requests_while_no_file_may_grow(db, tmp_path):
    town = found(builders=6, inspectors=0, stops=0)
    with smtp_sink() as sink, services(
        {"DATABASE_URL": db, "SECRET_KEY": SECRET_KEY}, sink, tmp_path, webs=1, workers=1
    ) as running:  # fmt: skip
        people = [filled_in(builder, running.addresses) for builder in town.builders]
        assert Counter(send(*one) for one in people[:2]) == {303: 2}
        limit_files(running.web[0].workers(), Path(database.obj.database))
        full = Counter(send(*one) for one in people[2:])
        reading = [phone.once("GET", "/dashboard").status_code for phone, *_ in people]
        limit_files(running.web[0].workers(), None)
        again = Counter(send(*one) for one in people)
    assert full == {503: 4} and reading == [200] * 6 and again == {303: 6}
    assert Request.select().count() == Inspection.select().count() == 6
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert "disk I/O error" in running.web[0].said()


def filled_in(builder: Builder, addresses: list[str]) -> tuple[Phone, str, dict[str, str]]:
    """The phone, and the address and the fields of the form that is open on it."""
    phone = Phone(addresses)
    phone.sign_in("/", company=builder.who.company.company_name, pin=builder.who.pin)
    page = phone.get(builder.request_page)
    typed = {"inspection_type": "SEWER", "contact_name": CONTACT.contact_name, "email": builder.email}
    return phone, builder.request_page, {**page.fields(page.one("main form")), **typed, "action": "submit"}


def limit_files(processes: list[int], file: Path | None) -> None:
    """No file of these processes may grow beyond the longer of the database and its log as they are; None: any may."""
    sizes = [Path(f"{file}{end}").stat().st_size for end in ("", "-wal")] if file else []
    for process in processes:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (max(sizes) if sizes else FREE, FREE))
