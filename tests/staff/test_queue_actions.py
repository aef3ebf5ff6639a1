"""What Sam does with what he ticked: assign, take back, move, decline; and what he is told when it cannot be."""

from datetime import timedelta

import pytest

from tests.actions.a_day import again, asked, given
from tests.actions.told import changes, mails
from tests.cast import NOW, THURSDAY, TODAY, WEDNESDAY, desk
from tests.staff.a_queue import many, shown, tick
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.changes import tell_everybody
from tracker.actions.review import assign
from tracker.actions.seen import Seen
from tracker.models import Change, ClosedDay, DayLoad, Inspection, Mail, Staff

SATURDAY = WEDNESDAY + timedelta(days=3)


@pytest.fixture
def queue(browse, sam):
    """Sam's browser with the queue open."""
    browsing = browse(sam)
    browsing.get("/staff/queue")
    return browsing


@pytest.fixture
def two(dana):
    return [asked(dana, "1 Quarry Hill", WEDNESDAY), asked(dana, "2 Quarry Hill", WEDNESDAY)]


def act(browsing, *rows, status=303, **fields):
    """Tick these rows on the page as it is now, and press a button."""
    page = browsing.get("/staff/queue?day=2026-05-27&trade=plumbing")
    back = page.one("#rows input[name=back]")["value"]
    ticks = tick(page, *(row.id for row in rows))
    answer = browsing.send("/staff/queue", status, inspections=ticks, back=back, **fields)
    return browsing.get(answer.headers["Location"]) if status == 303 else answer


def test_the_page_sends_what_it_says(queue, two, ray):
    """The fields are named as in the outer interface, and each tick says what was seen."""
    page = queue.get("/staff/queue")
    assert {tag["name"] for tag in page.select("form.work select")} == {"inspector"}
    assert [tag["value"] for tag in page.select("[name=inspections]")] == [Seen.of(row).text for row in two]


def test_assigned_and_back_where_he_was(queue, two, ray):
    page = act(queue, *two, action="assign", inspector=ray.row.id)
    assert page.words(".said") == ["2 requests are with Ray Ortega now."]
    assert page.one("select[name=day] option[selected]")["value"] == "2026-05-27"
    assert [(again(row).inspector, again(row).status) for row in two] == [(ray.row, "scheduled")] * 2
    assert [kind for kind, _to in mails()].count("assigned") == 2


def test_more_than_a_day_holds_is_assigned_and_said(queue, two, ray):
    Staff.update(stops_a_day=1).execute()
    page = act(queue, *two, action="assign", inspector=ray.row.id)
    assert "Ray Ortega has 2 stops on Wed May 27, more than 1." in page.words(".said")[0]


def test_taken_back(queue, two, ray):
    given(ray, *two)
    act(queue, *two, action="assign", inspector="none")
    assert [again(row).status for row in two] == ["requested"] * 2


def test_the_day_is_asked_for_on_a_page_of_its_own(queue, two):
    page = act(queue, *two, status=200, action="move")
    assert page.words("h1") == ["Move 2 requests"]
    assert page.words(".chosen b") == ["Water heater replacement"] * 2
    ticks = [tag["value"] for tag in page.select("[name=inspections]")]
    form = page.fields(page.one("main form"))
    queue.send("/staff/queue", action="move", inspections=ticks, back=form["back"], requested_date=str(THURSDAY))
    assert {again(row).day for row in two} == {THURSDAY}
    assert [kind for kind, _to in mails()].count("moved") == 2


def test_a_full_day_takes_a_reason_which_stays_on_record(queue, two, app):
    app.config["DAILY_CAPACITY"] = 1
    DayLoad.insert(day=THURSDAY, trade="", booked=1).execute()
    sent = {"action": "move", "requested_date": str(THURSDAY), "reason": ""}
    page = act(queue, two[0], status=422, **sent)
    assert page.words("h1") == ["Move 1 request"]
    assert "Thu May 28 is full. Pick another day, or give a reason to go over." in page.words("#problems")[0]
    assert again(two[0]).day == WEDNESDAY
    act(queue, two[0], **{**sent, "reason": "The crane is there on Thursday alone."})
    assert again(two[0]).day == THURSDAY
    assert Change.select().order_by(Change.id.desc()).where(Change.verb == "move_by_staff").get().reason


def test_declined_with_the_reason_that_is_mailed(queue, two):
    page = act(queue, *two, status=200, action="decline")
    assert page.words("h1") == ["Decline 2 requests"]
    act(queue, *two, action="decline", reason="The permit is for another lot.")
    assert [again(row).status for row in two] == ["declined"] * 2
    assert "The permit is for another lot." in Mail.select().where(Mail.kind == "declined").first().text


def test_declined_without_a_reason_is_asked_again(queue, two):
    page = act(queue, *two, status=422, action="decline", reason=" ")
    assert "Write the reason" in page.words("#problems")[0]
    assert [again(row).status for row in two] == ["requested"] * 2


def test_the_second_technician_is_told_who_did_what(queue, two, sam, olu, ray, june):
    page = queue.get("/staff/queue")
    ticks = tick(page, two[0].id, two[1].id)
    assign([Seen.of(two[0])], inspector=ray.row, desk=desk(), by=olu.by, now=NOW)
    answer = queue.send("/staff/queue", 409, action="assign", inspections=ticks, inspector=str(june.row.id))
    [line] = answer.words("#problems li")
    assert line.startswith("Water heater replacement, 1 Quarry Hill: changed by Olu Adeyemi, 10:00 AM.")
    assert line.endswith("It is with Ray Ortega on Wed May 27.")
    assert "Nothing was changed." in answer.words("#problems h2")[0]
    assert [again(row).inspector for row in two] == [ray.row, None]
    assert [tag["id"] for tag in answer.select("[name=inspections][checked]")] == [f"t{two[0].id}", f"t{two[1].id}"]
    assert answer.one(".selbar option[selected]")["value"] == str(june.row.id)
    assert answer.headers.get("Location") is None


def test_what_was_cancelled_meanwhile_is_not_assigned(queue, two, dana, ray):
    page = queue.get("/staff/queue")
    ticks = tick(page, two[0].id)
    cancel_inspection(two[0], desk=desk(), by=dana.by, now=NOW)
    answer = queue.send("/staff/queue", 409, action="assign", inspections=ticks, inspector=str(ray.row.id))
    assert "cancelled by Lone Star Plumbing" in answer.words("#problems li")[0]


def test_an_inspector_without_that_trade_is_refused(queue, two, iris):
    answer = act(queue, *two, status=422, action="assign", inspector=iris.row.id)
    assert answer.words("#problems li")[0].endswith("Iris Vandermeer does not inspect this trade.")


def test_nothing_is_assigned_on_a_closed_day(queue, two, ray):
    ClosedDay.create(day=WEDNESDAY, name="Storm")
    tell_everybody()
    answer = act(queue, *two, status=422, action="assign", inspector=ray.row.id)
    assert "the city does not work on Wed May 27" in answer.words("#problems li")[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "assign", "inspector": ""}, "Choose an inspector."),
        ({"action": "assign", "inspector": "9" * 30}, "Choose an inspector."),
        ({"action": "assign", "inspector": "77"}, "Choose an inspector."),
        ({"action": "move", "requested_date": "soon"}, "Choose a day from the list."),
        ({"action": "move", "requested_date": "9999-12-31"}, "Choose a day from the list."),
        ({"action": "move", "requested_date": str(SATURDAY)}, "The city does not work on Sat May 30."),
        ({"action": "move", "requested_date": str(TODAY - timedelta(days=1))}, "has passed."),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(queue, two, fields, words):
    before = changes()
    assert words in act(queue, *two, status=422, **fields).words("#problems")[0]
    assert changes() == before


def test_nothing_ticked_is_said(queue):
    assert "Tick the requests first." in queue.send("/staff/queue", 422, action="assign", inspector="1").text


def test_too_many_ticked_is_said(queue, dana):
    many(dana, 1)
    answer = queue.send("/staff/queue", 422, action="assign", inspections=["1"] * 201)
    assert "Tick at most 200 at once." in answer.text


@pytest.mark.parametrize("sent", [{"action": "burn", "inspections": "1"}, {"action": "assign", "inspections": "x.y"}])
def test_what_no_page_sends_is_refused_plainly(queue, sent):
    assert "That did not arrive whole." in queue.send("/staff/queue", 400, **sent).text


def test_a_forged_way_back_leads_nowhere(queue, two, ray):
    page = queue.get("/staff/queue")
    sent = {"action": "assign", "inspector": str(ray.row.id), "inspections": tick(page, two[0].id)}
    answer = queue.send("/staff/queue", **sent, back="q=1&_external=x&next=//evil.example")
    assert answer.headers["Location"] == "/staff/queue?q=1"


def test_the_rest_of_a_day_reaches_the_inspectors_page(queue, browse, two, ray):
    act(queue, *two, action="assign", inspector=ray.row.id)
    assert "1 Quarry Hill" in browse(ray).get(f"/staff/day/{WEDNESDAY}").text
    assert shown(queue.get(f"/staff/queue?inspector={ray.row.id}")) == ["1 Quarry Hill", "2 Quarry Hill"]
    assert Inspection.select().where(Inspection.stop_order > 0).count() == 2


def test_the_same_button_pressed_again_is_done_already(queue, two, ray):
    ticks = tick(queue.get("/staff/queue"), two[0].id, two[1].id)
    for sent, words in (
        ({"action": "assign", "inspector": str(ray.row.id)}, "2 requests are with Ray Ortega now."),
        ({"action": "decline", "reason": "Another lot."}, "2 requests declined. The contractors are told why."),
    ):
        for _ in range(3):
            queue.send("/staff/queue", inspections=ticks, **sent)
            assert queue.get("/staff/queue").words(".said")[-1].startswith(words)
        ticks = [Seen.of(again(row)).text for row in two]
    kinds = [kind for kind, _to in mails()]
    assert (kinds.count("assigned"), kinds.count("declined")) == (2, 2)


def test_what_another_did_the_same_way_is_told(queue, two, olu, ray):
    ticks = tick(queue.get("/staff/queue"), two[0].id)
    assign([Seen.of(two[0])], inspector=ray.row, desk=desk(), by=olu.by, now=NOW)
    queue.send("/staff/queue", 409, action="assign", inspections=ticks, inspector=str(ray.row.id))


def test_a_move_to_the_day_they_have_says_that_nothing_changed(queue, two):
    before = changes()
    page = act(queue, *two, action="move", requested_date=str(WEDNESDAY), reason="")
    assert page.words(".said") == ["Nothing was changed: they are on Wed May 27 already."]
    assert changes() == before and "moved" not in [kind for kind, _to in mails()]


@pytest.mark.parametrize("sent", [{"action": "decline", "reason": "No."},
                                  {"action": "move", "requested_date": str(THURSDAY), "reason": "Rain"}])  # fmt: skip
def test_nobody_is_called_off_who_stands_at_the_door(queue, dana, ray, at, sent):
    [row] = given(ray, asked(dana, "1 Quarry Hill", TODAY))
    Inspection.update(status="arrived").where(Inspection.id == row.id).execute()
    press = {**sent, "inspections": Seen.of(again(row)).text}
    page = queue.send("/staff/queue", 422, **press)
    assert "1 Quarry Hill: Ray Ortega is there already. Call first." in page.words("#problems")[0]
    at(NOW + timedelta(days=1))  # left like that, it is for the desk
    queue.send("/staff/queue", **press)
    assert again(row).status in ("declined", "scheduled")


def test_a_reason_too_long_to_keep_is_said_and_not_cut(queue, two):
    page = act(queue, two[0], status=422, action="decline", reason="x" * 1001)
    assert "1,001 characters. There is room for 1,000: shorten the reason." in page.words("#problems")[0]
    assert page.one("#reason").get_text().strip() == "x" * 1001
    assert again(two[0]).status == "requested"


def test_one_and_several_are_spoken_of_as_such(queue, two):
    assert "Leave it" in act(queue, two[0], status=200, action="decline").text
    assert "Decline and mail them" in act(queue, *two, status=200, action="decline").text
