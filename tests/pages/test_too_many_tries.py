"""Tries to sign in are slowed, and a rival cannot lock a company out."""

from datetime import timedelta

from tests.cast import NOW
from tracker.models import Change
from tracker.rules.throttle import MANY_ON_ONE_ACCOUNT, MOST_FROM_ONE_ADDRESS, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT

SENTENCE = "Too many tries. Wait 15 minutes, or call 512-555-0100."


def guess(browsing, times: int, company: str = "Lone Star Plumbing", address: str = "198.51.100.1") -> list[int]:
    """The statuses of so many wrong tries from an address."""
    token = browsing.token
    data = {"csrf_token": token, "company": company, "pin": "RR-2222-2222"}
    return [
        browsing.client.post("/", data=data, environ_overrides={"REMOTE_ADDR": address}).status_code
        for _ in range(times)
    ]


def visitor(browse):
    browsing = browse()
    browsing.get("/")
    return browsing


def test_the_ninth_try_at_one_company_is_told_to_wait(browse, dana):
    browsing = visitor(browse)
    assert guess(browsing, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT, address="127.0.0.1") == [422] * 8
    page = browsing.submit("main form", 429, company="Lone Star Plumbing", pin="RR-2222-2222")
    assert page.words("#problems h2") == [SENTENCE] and page.select("#problems a[href^='tel:']")
    assert page.value("company") == "Lone Star Plumbing"


def test_who_goes_on_trying_makes_nobody_wait_for_a_write(browse, dana, counting):
    browsing = visitor(browse)
    guess(browsing, 8)
    with counting() as queries:
        assert guess(browsing, 3) == [429] * 3
    assert queries and all(sql.startswith("SELECT") for sql in queries)


def test_the_right_pin_waits_too_once_there_were_too_many(browse, dana):
    browsing = visitor(browse)
    guess(browsing, 8, address="127.0.0.1")
    browsing.submit("main form", 429, company="Lone Star Plumbing", pin=dana.pin)


def test_after_a_quarter_of_an_hour_the_right_pin_opens(browse, dana, at):
    browsing = visitor(browse)
    guess(browsing, 9, address="127.0.0.1")
    at(NOW + timedelta(minutes=16))
    browsing.submit("main form", company="Lone Star Plumbing", pin=dana.pin)


def test_a_rival_does_not_lock_a_company_out(browse, dana):
    browsing = visitor(browse)
    for number in range(MANY_ON_ONE_ACCOUNT // 5 + 5):
        guess(browsing, 5, address=f"203.0.113.{number}")
    browse().sign_in("Lone Star Plumbing", dana.pin)


def test_one_address_cannot_go_through_all_companies(browse, dana):
    browsing = visitor(browse)
    statuses = [guess(browsing, 1, company=f"Nobody {number}")[0] for number in range(MOST_FROM_ONE_ADDRESS + 1)]
    assert 429 in statuses and statuses[0] == 422


def test_a_company_that_is_not_there_is_slowed_like_one_that_is(browse, dana):
    browsing = visitor(browse)
    there = guess(browsing, 10, address="198.51.100.2")
    assert guess(browsing, 10, company="Nobody of the Town", address="198.51.100.3") == there


def test_a_right_pin_is_no_wrong_try(browse, dana):
    for _ in range(12):
        browse().sign_in("Lone Star Plumbing", dana.pin)


def test_a_whole_ipv6_network_counts_as_one_address(browse, dana):
    browsing = visitor(browse)
    statuses = [guess(browsing, 1, address=f"2001:db8::{number}")[0] for number in range(9)]
    assert statuses == [422] * 8 + [429]


def test_a_forged_forwarded_address_is_not_believed(browse, dana):
    browsing = visitor(browse)
    data = {"csrf_token": browsing.token, "company": "Lone Star Plumbing", "pin": "wrong"}
    statuses = [
        browsing.client.post("/", data=data, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(9)
    ]
    assert statuses[-1] == 429


def on_record() -> list[tuple[str, str, int, str, str]]:
    lines = Change.select(Change.actor, Change.subject, Change.subject_id, Change.address, Change.after)
    return list(lines.where(Change.verb == "try_in_vain").order_by(Change.id).tuples())


def test_many_wrong_tries_at_a_company_are_on_record_once_with_the_network_they_came_from(browse, dana, olu):
    browsing = visitor(browse)
    guess(browsing, 7)
    assert not on_record()
    guess(browsing, 4)
    assert on_record() == [("system", "contractor", dana.company.id, "198.51.100.1", '{"tries": 8}')]
    page = browse(olu).get("/staff/changes")
    assert "Many wrong tries to sign in" in page.text and "198.51.100.1" in page.text


def test_those_of_many_networks_are_on_record_at_the_fiftieth(browse, dana):
    browsing = visitor(browse)
    for number in range(MANY_ON_ONE_ACCOUNT // 5 + 2):
        guess(browsing, 5, address=f"203.0.113.{number}")
    assert [line[3:] for line in on_record()] == [("203.0.113.9", '{"tries": 50}')]


def test_after_a_quarter_of_an_hour_they_are_counted_anew(browse, dana, at):
    browsing = visitor(browse)
    for minutes in (0, 16, 32):
        at(NOW + timedelta(minutes=minutes))
        guess(browsing, 9)
    assert len(on_record()) == 3


def test_of_codes_and_names_that_are_nobodys_nothing_is_on_record(browse, dana):
    """A code typed as the company counts with all others: it may be anybody's turn when they are many."""
    browsing = visitor(browse)
    guess(browsing, 9, company="Nobody of the Town", address="198.51.100.2")
    guess(browsing, 9, company=dana.pin, address="198.51.100.3")
    assert not on_record()


def test_a_member_of_staffs_are_on_record_too(browse, sam):
    browsing = browse()
    browsing.get("/staff")
    for _ in range(9):
        browsing.client.post("/staff", data={"csrf_token": browsing.token, "email": sam.row.email, "password": "wrong"})
    assert on_record() == [("system", "staff", sam.row.id, "127.0.0.1", '{"tries": 8}')]


def test_eight_of_which_the_last_was_right_are_none(browse, dana):
    browsing = visitor(browse)
    guess(browsing, 7, address="127.0.0.1")
    browsing.submit("main form", company="Lone Star Plumbing", pin=dana.pin)
    assert not on_record()
