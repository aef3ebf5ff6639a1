"""Web servers are restarted one after the other while people work: no request of theirs goes wrong."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.held import held_for
from tests.servers import smtp_sink
from tests.soak.phone import NO_ANSWER, Answer, Phone
from tests.soak.services import Service, Services, services
from tests.soak.town import SECRET_KEY, found
from tracker.models import Request

PEOPLE = 3


class Balancer(Phone):
    """Takes the other address where one refuses the connection; what else goes wrong, the person sees."""

    def once(self, method, path, data=None) -> Answer:
        for _ in range(200):
            try:
                return super().once(method, path, data)
            except ConnectionRefusedError:
                time.sleep(0.02)
        raise TimeoutError("nobody listens at all")


class Worker(threading.Thread):
    """Requests and cancels, again and again; `wrong` is what a person should not have seen."""

    def __init__(self, phone, builder, stop) -> None:
        super().__init__(daemon=True)
        self.phone, self.builder, self.stop = phone, builder, stop
        self.wrong: list[str] = []
        self.done = 0

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.request_and_cancel()
            except (*NO_ANSWER, AssertionError, LookupError) as no:
                self.wrong.append(f"{type(no).__name__}: {no}")

    def request_and_cancel(self) -> None:
        page = self.expect(200, self.phone.once("GET", self.builder.request_page)).page
        form = {**page.fields(page.one("main form")), "inspection_type": "SEWER", "action": "submit",
                "contact_name": "Dana", "email": self.builder.email}  # fmt: skip
        self.expect(303, self.phone.once("POST", self.builder.request_page, form))
        page = self.expect(200, self.phone.once("GET", "/dashboard")).page
        [link] = page.select("main a[href$='/cancel']")
        page = self.expect(200, self.phone.once("GET", str(link["href"]))).page
        self.expect(303, self.phone.once("POST", str(link["href"]), page.fields(page.one("main form"))))
        self.done += 1

    def expect(self, status: int, answer: Answer) -> Answer:
        assert answer.status_code == status, f"{answer.status_code}: {answer.page.text[:200]}"
        return answer


@pytest.fixture
def two(db, tmp_path) -> Iterator[Services]:
    with smtp_sink() as sink:
        env = {"DATABASE_URL": db, "SECRET_KEY": SECRET_KEY}
        with services(env, sink, tmp_path, webs=2, workers=1) as running:
            yield running


@pytest.fixture
def workers(two, db) -> Iterator[list[Worker]]:
    town, stop = found(PEOPLE, 0, 0), threading.Event()
    them = [Worker(Balancer(two.addresses), builder, stop) for builder in town.builders]
    for one in them:
        Phone(two.addresses[:1]).ask("GET", "/readyz")
        one.phone.cookies = signed_in(one.builder, two.addresses)
        one.start()
    yield them
    stop.set()
    for one in them:
        one.join(30)


def signed_in(builder, addresses) -> dict[str, str]:
    phone = Phone(addresses)
    phone.sign_in("/", company=builder.who.company.company_name, pin=builder.who.pin)
    return phone.cookies


def more(workers: list[Worker], seconds: float = 60) -> None:
    """Until each has requested and cancelled once again, from beginning to end."""
    wanted, until = [one.done + 2 for one in workers], time.monotonic() + seconds
    while any(one.done < many for one, many in zip(workers, wanted, strict=True)) and time.monotonic() < until:
        time.sleep(0.02)


def restart(server: Service, number: signal.Signals, seconds: float = 60) -> None:
    """Until other workers than before are there."""
    before, until = set(server.workers()), time.monotonic() + seconds
    os.kill(server.process.pid, number)
    while before & set(server.workers()) or not server.workers():
        assert time.monotonic() < until, server.said()
        time.sleep(0.02)


def test_one_server_is_restarted_and_the_other_reloaded_and_nobody_notices(two, workers):
    more(workers)
    restarted, reloaded = two.web
    restart(restarted, signal.SIGTERM)
    more(workers)
    restart(reloaded, signal.SIGHUP)
    more(workers)
    assert (restarted.starts, reloaded.starts) == (2, 1)
    assert [one.wrong for one in workers] == [[]] * PEOPLE
    assert all(one.done >= 6 for one in workers)


def test_a_request_that_waits_when_its_server_is_told_to_end_is_answered(two, db):
    """It waits for somebody else's transaction meanwhile, and the door is closed to others."""
    [builder] = found(1, 0, 0).builders
    phone = Phone(two.addresses[:1], signed_in(builder, two.addresses[:1]))
    page = phone.get(builder.request_page)
    form = {**page.fields(page.one("main form")), "inspection_type": "SEWER", "action": "submit",
            "contact_name": "Dana", "email": builder.email}  # fmt: skip
    with held_for(3, db), ThreadPoolExecutor(1) as pool:
        sent = pool.submit(phone.once, "POST", builder.request_page, form)
        time.sleep(1)
        os.kill(two.web[0].process.pid, signal.SIGTERM)
        assert sent.result(30).status_code == 303
    assert Request.select().count() == 1
