"""A hundred tries at the same moment: in threads, and over several real servers on one database."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

import pytest

from tests.cast import CLERK, LETTERHEAD, NOW, signer
from tests.page import Browse
from tests.postgres.crowd import at_once
from tests.servers import gunicorn_server
from tracker.actions import accounts, hashes
from tracker.actions.accounts import WrongPin, at_the_door, hash_pin, sign_in_company
from tracker.actions.sign_ins import begin_session, end_session, new_device
from tracker.actions.tries import HasToWait, count_try
from tracker.db import database
from tracker.models import Attempt, Contractor, Mail, SignIn
from tracker.rules.throttle import MOST_FROM_ONE_ADDRESS, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT, WINDOW, try_keys

PHONE, SECRET = "512-555-0100", "for the tests alone, for no city"


def kinds(answers: list) -> Counter:
    return Counter(type(one).__name__ for one in answers)


def kind(work: Callable) -> str:
    """What came of it at the door, by name."""
    with database.connection_context():
        try:
            with at_the_door():
                return type(work()).__name__
        except (WrongPin, HasToWait) as no:
            return type(no).__name__


def guess(company: Contractor, address: str = "203.0.113.9", device: str = "", pin: str = "wrong"):
    return partial(sign_in_company, company, pin, address=address, device=device, phone=PHONE, now=NOW)


def test_of_a_hundred_tries_at_one_company_from_one_address_eight_are_looked_at(dana):
    assert kinds(at_once([guess(dana.company)] * 100)) == {"WrongPin": 8, "TooManyTries": 92}
    assert Attempt.get_by_id("all").count == MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT


def test_of_a_hundred_from_one_address_at_as_many_companies_forty_are(app):
    companies = [Contractor(id=1000 + n, code_key="RR") for n in range(100)]
    answers = kinds(at_once([guess(company) for company in companies]))
    assert answers == {"WrongPin": MOST_FROM_ONE_ADDRESS, "TooManyTries": 100 - MOST_FROM_ONE_ADDRESS}


def test_of_a_hundred_from_a_known_phone_eight_are(dana):
    known = new_device()
    begin_session(dana.company, device=known, named="", letterhead=LETTERHEAD, by=CLERK, now=NOW)
    answers = at_once([guess(dana.company, f"192.0.2.{n}", known) for n in range(100)])
    assert kinds(answers) == {"WrongPin": 8, "TooManyTries": 92}


def test_of_a_hundred_from_as_many_addresses_all_are_counted_and_dana_gets_in_among_them(dana):
    rivals = [guess(dana.company, f"192.0.2.{n}") for n in range(100)]
    *wrong, right = at_once([*rivals, guess(dana.company, "203.0.113.9", pin=dana.pin)])
    assert kinds(wrong) == {"WrongPin": 100} and isinstance(right, Contractor)
    assert Attempt.get_by_id("all").count == 100


def test_right_and_wrong_tries_and_the_sweep_never_wait_for_each_other_in_a_circle(dana, eve):
    """Stale rows of everybody who tries now are swept by the very tries that count under them anew."""
    old = NOW - WINDOW - timedelta(minutes=1)
    addresses = [f"192.0.2.{n}" for n in range(20)]
    for company in (dana.company, eve.company):
        for address in addresses:
            for key in try_keys(f"company:{company.id}", address).values():
                Attempt.insert(key=key, count=3, since=old).on_conflict_ignore().execute()
    works = [guess(who.company, address, pin=pin) for who, other in ((dana, eve), (eve, dana))
             for address in addresses for pin in (who.pin, other.pin)]  # fmt: skip
    assert set(kinds(at_once(works))) == {"Contractor", "WrongPin"}
    assert not Attempt.select().where(Attempt.since <= old).exists()


def test_the_count_holds_while_another_counts_the_same(dana):
    """Nobody reads a count that another is just about to raise."""
    keys = try_keys("company:1", "203.0.113.9")
    at_once([partial(count_try, keys, phone=PHONE, now=NOW)] * 30)
    assert Attempt.get_by_id(keys["pair"]).count == MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT


def test_never_more_are_hashed_at_once_than_a_worker_can_bear(dana, monkeypatch):
    now, most, came, lock, one_too_many = 0, 0, 0, threading.Lock(), threading.Event()
    real = hashes.HASHER

    class Watching:
        def verify(self, kept: str, typed: str) -> bool:
            nonlocal now, most, came
            with lock:
                now, came = now + 1, came + 1
                most = max(most, now)
                if now > hashes.AT_ONCE:
                    one_too_many.set()
                first = came <= hashes.AT_ONCE
            one_too_many.wait(1 if first else 0)  # so that whoever may come in beside them does
            try:
                return real.verify(kept, typed)
            finally:
                with lock:
                    now -= 1

    monkeypatch.setattr(hashes, "HASHER", Watching())
    at_once([guess(dana.company, f"192.0.2.{n}") for n in range(40)])
    assert most == hashes.AT_ONCE


def test_a_storm_takes_half_of_a_workers_threads_and_no_more(dana, monkeypatch):
    """The others are told at once; their tries are not counted."""
    inside, go_on = threading.Semaphore(0), threading.Event()

    class Slow:
        def verify(self, kept: str, typed: str) -> bool:
            inside.release()
            go_on.wait(20)
            return False

    monkeypatch.setattr(hashes, "HASHER", Slow())
    with ThreadPoolExecutor(accounts.PLACES) as pool:
        first = [pool.submit(kind, guess(dana.company, f"192.0.2.{n}")) for n in range(accounts.PLACES)]
        try:
            for _ in range(hashes.AT_ONCE):
                assert inside.acquire(timeout=20)
            until = time.monotonic() + 20
            while accounts._places._value and time.monotonic() < until:  # until the last of them has come in
                time.sleep(0.01)
            assert kind(guess(dana.company, "198.51.100.1")) == "DoorIsFull"
        finally:
            go_on.set()
        assert {one.result(20) for one in first} == {"WrongPin"}
    assert not Attempt.select().where(Attempt.key == "address:198.51.100.1").exists()


def test_one_company_that_signs_in_on_twenty_phones_at_once(dana):
    def one(n: int) -> str:
        return begin_session(dana.company, device=f"phone {n % 10}", named="", letterhead=LETTERHEAD, by=CLERK, now=NOW)

    sessions = at_once([partial(one, n) for n in range(20)])
    assert not [no for no in sessions if isinstance(no, Exception)] and len(set(sessions)) == 20
    at_once([partial(end_session, session) for session in sessions])
    assert not SignIn.select().where(SignIn.session.is_null(False)).exists()
    assert Mail.select().count() <= 20


@pytest.fixture
def two_servers(dana, app) -> Iterator[list[str]]:
    """Two servers of two workers each, as on two machines, on one database."""
    env = {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": SECRET, "TRUSTED_PROXIES": "1"}
    with ExitStack() as stack:
        yield [stack.enter_context(gunicorn_server(env)).url for _ in range(2)]


def ask(url: str, method: str, address: str, cookie: str = "", **typed: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"X-Forwarded-For": address, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, "/" if method == "POST" else "/how-to", urlencode(typed) or None, headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_of_a_hundred_tries_over_two_servers_eight_are_looked_at(dana, app, two_servers):
    visitor = Browse(app)
    visitor.get("/")
    cookie = f"session={visitor.client.get_cookie('session').value}"
    typed = {"company": "Lone Star Plumbing", "pin": "RR-2222-2222", "csrf_token": visitor.token}

    def once(n: int) -> int:
        for _ in range(200):
            status, headers, _ = ask(two_servers[n % 2], "POST", "203.0.113.9", cookie, **typed)
            if status != 503:
                return status
            assert headers["Retry-After"] == "2"
        return status

    with ThreadPoolExecutor(100) as pool:
        assert Counter(pool.map(once, range(100))) == {422: 8, 429: 92}
    right = {**typed, "pin": dana.pin}
    assert {ask(url, "POST", "203.0.113.9", cookie, **right)[0] for url in two_servers} == {429}
    assert {ask(url, "POST", "203.0.113.10", cookie, **right)[0] for url in two_servers} == {303}


def test_a_storm_lets_in_whom_it_can_tells_the_others_and_the_pages_go_on(app, two_servers):
    """Sixty people with PINs of their own on one server: who is not let in reads why, and what was typed stays."""
    who = signer("Evergreen Drains", "eve@evergreen.example")
    Contractor.update(own_pin_hash=hash_pin("copper elbow 9")).where(Contractor.id == who.company.id).execute()
    visitor = Browse(app)
    visitor.get("/")
    cookie = f"session={visitor.client.get_cookie('session').value}"
    typed = {"company": "Evergreen Drains", "pin": "copper elbow 9", "csrf_token": visitor.token}
    with ThreadPoolExecutor(61) as pool:
        storm = [pool.submit(ask, two_servers[0], "POST", f"192.0.2.{n}", cookie, **typed) for n in range(60)]
        assert [ask(two_servers[0], "GET", "203.0.113.9")[0] for _ in range(10)] == [200] * 10
        answers = [one.result() for one in storm]
    assert {status for status, _, _ in answers} <= {303, 503}
    assert sum(status == 303 for status, _, _ in answers) >= accounts.PLACES
    for status, _, body in answers:
        assert status == 303 or (b"Many people are signing in just now." in body and b"Evergreen Drains" in body)
