"""Mail that could not be delivered: shown, and sent once more, the same letter with its tries counted anew."""

from datetime import timedelta
from functools import partial

import pytest

from tests.cast import NOW, WEDNESDAY, ask
from tests.postgres.crowd import at_once
from tracker import outbox
from tracker.actions.mail import send_again, send_all_again
from tracker.actions.requests import Wish
from tracker.models import Change, Mail

DAYS_AGO = NOW - timedelta(days=5)


@pytest.fixture
def city(browse, olu):
    return browse(olu)


def a_mail(number: int, **values) -> Mail:
    return Mail.create(
        **{"message_id": f"m-{number}", "kind": "requested", "recipient": f"p{number}@lonestar.example",
           "subject": f"Letter {number}", "text": "Dear", "html": "", "created_at": DAYS_AGO, **values}
    )  # fmt: skip


def given_up(number: int, **values) -> Mail:
    ended = {"given_up_at": NOW - timedelta(days=2), "tries": 6, "last_error": "Recipient refused: 550"}
    return a_mail(number, **ended, **values)


@pytest.fixture
def letters(app) -> list[Mail]:
    """One that waits, one that was sent, two that could not be delivered."""
    return [a_mail(1, due_at=NOW), a_mail(2, sent_at=DAYS_AGO), given_up(3), given_up(4)]


def again(mail: Mail) -> Mail:
    return Mail.get_by_id(mail.id)


def test_the_list_by_state_with_its_counts(city, letters):
    page = city.get("/staff/mail")
    assert "2 mails could not be delivered." in page.text and len(page.select(".permit")) == 4
    undelivered = city.click("Not delivered (2)")
    assert undelivered.words(".go2") == ["Letter 4", "Letter 3"]
    assert undelivered.words(".permit .old") == ["not delivered, given up Sun May 24, 10:00 AM"] * 2
    assert city.click("Waiting (1)").words(".go2") == ["Letter 1"]
    assert city.click("Sent").words(".go2") == ["Letter 2"]
    assert len(city.get("/staff/mail?state=burnt").select(".permit")) == 4


def test_one_is_sent_again_with_the_same_message_id(city, letters):
    city.get(f"/staff/mail/{letters[2].id}")
    page = city.submit("main form")
    now = again(letters[2])
    assert (now.due_at, now.again_at, now.tries, now.given_up_at, now.message_id) == (NOW, NOW, 0, None, "m-3")
    assert "Mail queued again" in page.text and "No mail server is set." in page.text and again(letters[3]).given_up_at
    sent = []
    outbox.deliver(sent.append, now=NOW)
    assert {mail.message_id for mail in sent} == {"m-1", "m-3"}


def test_all_are_sent_again_and_each_is_on_record(city, letters):
    city.get("/staff/mail?state=undelivered")
    assert city.page.words("main form button") == ["Send all 2 again"]
    city.client.application.config["MAIL_SERVER"] = "mail.bluebonnet.example"
    assert "2 mails go out again." in city.submit("main form").text
    assert sorted(Change.select(Change.verb, Change.subject_id, Change.actor_name).tuples()) == [
        ("send_mail_again", letters[2].id, "Olu Adeyemi"), ("send_mail_again", letters[3].id, "Olu Adeyemi")
    ]  # fmt: skip
    assert Mail.select().where(outbox.Mail.due_at == NOW).count() == 3 and again(letters[1]).due_at is None


def test_sent_again_it_has_three_days_again(letters, olu):
    send_again(letters[2], by=olu.by, now=NOW)
    Mail.update(due_at=None).where(Mail.id == letters[0].id).execute()

    def refuse(mail):
        raise RuntimeError("not today")

    assert outbox.deliver(refuse, now=NOW).given_up == 0
    assert timedelta(0) <= again(letters[2]).due_at - NOW - outbox.pause(1) < timedelta(seconds=30)
    Mail.update(due_at=NOW).where(Mail.id == letters[2].id).execute()
    assert outbox.deliver(refuse, now=NOW + outbox.GIVE_UP_AFTER).given_up == 1
    assert again(letters[2]).message_id == "m-3"


def test_what_was_sent_again_waits_since_then(letters, olu):
    Mail.delete().where(Mail.id == letters[0].id).execute()
    send_again(letters[2], by=olu.by, now=NOW)
    assert outbox.waiting(now=NOW + timedelta(minutes=5)) == outbox.Waiting(1, timedelta(minutes=5))


@pytest.mark.parametrize("which", [0, 1])
def test_what_was_not_given_up_is_not_sent_again(city, letters, which):
    page = city.get(f"/staff/mail/{letters[which].id}")
    assert not page.select("main form")
    page = city.send(f"/staff/mail/{letters[which].id}/again", 409)
    assert page.words("#problems h2") == ["It is on its way already, or was sent."]
    assert not Change.select().exists()


def test_of_two_who_send_all_again_at_once_each_mail_goes_once(letters, olu, sam):
    answers = at_once([partial(send_all_again, by=who.by, now=NOW) for who in (olu, sam)])
    assert sorted(answers) == [0, 2] and Change.select().count() == 2


def test_nothing_to_send_again_is_said(city, letters):
    Mail.update(given_up_at=None).execute()
    city.get("/staff/mail")
    assert "Nothing is undelivered any more." in city.get(city.send("/staff/mail/again").headers["Location"]).text


def test_a_technician_reads_and_does_not_send(browse, sam, letters):
    browsing = browse(sam)
    assert not browsing.get("/staff/mail?state=undelivered").select("main form")
    assert not browsing.get(f"/staff/mail/{letters[2].id}").select("main form")
    for path in ("/staff/mail/again", f"/staff/mail/{letters[2].id}/again"):
        browsing.get("/staff/mail")
        browsing.send(path, 403)
    assert again(letters[2]).given_up_at


def test_a_wrong_address_leads_to_the_permit_and_the_company(city, dana, danas_permit):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    Mail.update(due_at=None, given_up_at=NOW).execute()
    about = Mail.select().where(Mail.inspection.is_null(False)).first() or Mail.get()
    page = city.get(f"/staff/mail/{about.id}")
    links = [str(link["href"]) for link in page.select("main .facts a")]
    assert links == [f"/staff/permits/{danas_permit.permit_num}", f"/staff/contractors/{dana.company.id}"]
    assert city.get("/staff/mail?state=undelivered").select(f"a[href$='{danas_permit.permit_num}']")


def test_pages_of_what_could_not_be_delivered(city, app):
    for number in range(60):
        given_up(number)
    assert len(city.get("/staff/mail?state=undelivered").select(".permit")) == 50
    assert len(city.click("Older mail").select(".permit")) == 10
