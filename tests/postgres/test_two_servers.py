"""Two web servers of the real kind on one database: of two at once one wins, the other is told, whichever they ask."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from tests.cast import PASSWORD, member
from tests.servers import smtp_sink
from tests.soak.phone import Answer, Phone
from tests.soak.services import services
from tests.soak.town import SECRET_KEY, Builder, Town, found
from tracker.db import connect_to, database
from tracker.models import Capacity, Change, DayLoad, Inspection, InspectionResult, Mail, Request

FORM = "main form[method=post]"


@dataclass
class Place:
    """Two servers, and the town on their database."""

    addresses: list[str]
    town: Town
    left: Iterator[Builder]

    def builder(self) -> tuple[Builder, Phone]:
        """One who has asked for nothing yet, signed in."""
        builder = next(self.left)
        phone = Phone(self.addresses)
        phone.sign_in("/", company=builder.who.company.company_name, pin=builder.who.pin)
        return builder, phone

    def staff(self, email: str) -> Phone:
        phone = Phone(self.addresses)
        phone.sign_in("/staff", email=email, password=PASSWORD)
        return phone


@pytest.fixture(scope="module")
def place(new_database, tmp_path_factory) -> Iterator[Place]:
    with new_database() as url, smtp_sink() as sink:
        connect_to(url)
        town = found(builders=10, inspectors=2, stops=2)
        env = {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
        with services(env, sink, tmp_path_factory.mktemp("logs"), webs=2, workers=1) as running:
            for address in running.addresses:
                assert Phone([address]).get("/readyz").status == 200
            yield Place(running.addresses, town, iter(town.builders))
        database.obj.close_all()


def at_once(works: list[Callable[[], Answer]]) -> list[Answer]:
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Answer]) -> Answer:
        gate.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def at(place: Place, number: int, phone: Phone) -> Phone:
    """The same person's phone, which this time comes to that server."""
    return Phone([place.addresses[number % 2]], dict(phone.cookies))


def filled_in(builder: Builder, phone: Phone, code: str) -> dict[str, Any]:
    page = phone.get(builder.request_page)
    typed = {"inspection_type": code, "contact_name": "Dana", "email": builder.email, "action": "submit"}
    return {**page.fields(page.one(FORM)), **typed}


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_five_want_the_last_two_places(place):
    Capacity.create(weekday=None, trade="plumbing", places=2)
    works = []
    for number in range(5):
        builder, phone = place.builder()
        form = filled_in(builder, phone, "SEWER")
        works.append(partial(at(place, number, phone).once, "POST", builder.request_page, form))
    day = form["requested_date"]
    answers = at_once(works)
    Capacity.delete().execute()
    assert statuses(answers) == {303: 2, 422: 3}
    told = [" ".join(answer.page.words("#problems li")) for answer in answers if answer.status_code == 422]
    assert all("has just filled up. Pick another day." in words for words in told), told
    [counter] = DayLoad.select().where(DayLoad.day == day, DayLoad.trade == "plumbing")
    assert counter.booked == Inspection.select().where(Inspection.day == day).count() == 2


def test_the_same_form_eight_times_is_one_request(place):
    builder, phone = place.builder()
    form = filled_in(builder, phone, "SEWER")
    presses = [at(place, number, phone) for number in range(8)]
    answers = at_once([partial(one.once, "POST", builder.request_page, form) for one in presses])
    assert statuses(answers) == {303: 8}
    said = {" ".join(one.get("/dashboard").words(".said")) for one in presses}
    [request] = Request.select().where(Request.contractor == builder.who.company)
    assert len(said) == 1 and f"No. {request.id}." in said.pop()
    assert Mail.select().where(Mail.recipient == builder.email).count() == 1


def a_request(place: Place) -> tuple[Inspection, Phone]:
    """Of somebody new, with their phone."""
    builder, phone = place.builder()
    phone.ask("POST", builder.request_page, filled_in(builder, phone, "SEWER"))
    theirs = Inspection.select().where(Inspection.contractor == builder.who.company)
    return theirs.order_by(Inspection.id.desc()).get(), phone  # the first builder has some of days gone by


def assigning(place: Place, wanted: Inspection, email: str, inspector: int) -> tuple[Phone, dict[str, Any]]:
    """The form of the queue as that member of the desk has it open, the request ticked."""
    phone = place.staff(email)
    page = phone.get("/staff/queue?state=requested")
    ticked = str(page.one(f"#t{wanted.id}")["value"])
    form = page.fields(page.one("form.work"))
    return phone, {**form, "inspections": ticked, "inspector": inspector, "action": "assign"}


def test_two_technicians_assign_one_request(place):
    (wanted, _), other = a_request(place), member("Sally Reyes", "technician")
    works = []
    for number, email in enumerate([place.town.technician.row.email, other.row.email]):
        phone, form = assigning(place, wanted, email, list(place.town.inspectors)[number])
        works.append(partial(at(place, number, phone).once, "POST", "/staff/queue", form))
    answers = at_once(works)
    assert statuses(answers) == {303: 1, 409: 1}
    [late] = [answer.page for answer in answers if answer.status_code == 409]
    assert "Nothing was changed" in late.text and "changed by" in late.text
    assert lines("assign", wanted) == 1 and mails("assigned", wanted) == 1


def test_two_results_of_one_stop(place):
    [inspector, *_], [stop, *_] = place.town.inspectors, next(iter(place.town.inspectors.values()))
    phone, works = place.staff(place.town.emails[inspector]), []
    for number, result in enumerate(["passed", "no_access"]):
        page = phone.get(f"/staff/stops/{stop}/result?result={result}")
        form = {**page.fields(page.one(FORM)), "result": result, "comment": "Seen on site"}
        works.append(partial(at(place, number, phone).once, "POST", f"/staff/stops/{stop}/result", form))
    answers = at_once(works)
    assert statuses(answers) == {303: 1, 409: 1}
    [late] = [answer.page for answer in answers if answer.status_code == 409]
    assert "Look at it below" in " ".join(late.words("#problems")), late.text[:500]
    assert InspectionResult.select().where(InspectionResult.inspection == stop).count() == 1
    assert lines("record_result", stop) == 1


def test_the_same_result_from_a_dead_zone_three_times_is_one(place):
    [inspector, *_], [_, stop] = place.town.inspectors, next(iter(place.town.inspectors.values()))
    phone = place.staff(place.town.emails[inspector])
    page = phone.get(f"/staff/stops/{stop}/result?result=passed")
    form = page.fields(page.one(FORM))
    sends = [at(place, number, phone).once for number in range(3)]
    answers = at_once([partial(send, "POST", f"/staff/stops/{stop}/result", form) for send in sends])
    assert statuses(answers) == {303: 3}
    assert lines("record_result", stop) == 1 and mails("result", stop) == 2  # the company's own address reads along


def test_cancelled_on_one_server_while_it_is_assigned_on_the_other(place):
    """Whoever comes second does it to what the first has made of it, or is told."""
    wanted, phone = a_request(place)
    page = phone.get(f"/inspections/{wanted.id}/cancel")
    cancel = page.fields(page.one(FORM))
    desk, form = assigning(place, wanted, place.town.technician.row.email, next(iter(place.town.inspectors)))
    cancelled, assigned = at_once(
        [
            partial(at(place, 0, phone).once, "POST", f"/inspections/{wanted.id}/cancel", cancel),
            partial(at(place, 1, desk).once, "POST", "/staff/queue", form),
        ]
    )
    won = cancelled.status_code == 303, assigned.status_code == 303
    assert any(won) and {cancelled.status_code, assigned.status_code} <= {303, 409}
    assert Inspection.get_by_id(wanted.id).status == ("cancelled" if won[0] else "scheduled")
    assert (lines("cancel_inspection", wanted), lines("assign", wanted)) == won
    assert (mails("cancelled", wanted), mails("assigned", wanted)) == won


def lines(verb: str, inspection: Inspection | int) -> int:
    id = inspection if isinstance(inspection, int) else inspection.id
    return Change.select().where(Change.verb == verb, Change.subject == "inspection", Change.subject_id == id).count()


def mails(kind: str, inspection: Inspection | int) -> int:
    return Mail.select().where(Mail.kind == kind, Mail.inspection == inspection).count()
