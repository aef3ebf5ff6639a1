"""Long texts in lists: their beginning, a way to all of it, and fewer rows instead of a heavier page."""

import pytest

from tests.cast import TODAY, WEDNESDAY, ask, past, permit_of
from tracker.actions.changes import tell_companies
from tracker.actions.requests import Wish
from tracker.filters import clip
from tracker.models import Inspection, Permit
from tracker.views.contractor.brief import MARKUP, brief, fitting

LONG = "The trench is open at the tap. " * 60


@pytest.fixture
def failed(dana, danas_house) -> Inspection:
    row = past(danas_house, dana.company, "SEWER", "failed")
    lines = "\n".join(f"Correction {n}" for n in range(6))
    Inspection.update(comment=LONG.strip(), corrections=lines).where(Inspection.id == row.id).execute()
    return row


@pytest.mark.parametrize(
    "text, most, shown",
    [("as it is", 8, "as it is"), ("one word more", 9, "one word…"), ("unbroken", 5, "unbr…"), ("", 3, "")],
)
def test_a_clipped_text_ends_after_a_word(text, most, shown):
    assert clip(text, most) == shown and len(clip(text, most)) <= most


def test_what_is_short_is_not_cut():
    assert brief(["Label the panel"], "Nearly.") == (["Label the panel"], "Nearly.", False)
    assert brief([], LONG).is_cut and brief(["x"] * 5, "").is_cut and brief(["word " * 40], "").is_cut


@pytest.mark.parametrize("room, fits", [(0, 1), (MARKUP + 10, 1), (2 * MARKUP + 20, 2), (10_000, 3)])
def test_as_many_rows_as_there_is_room_for_and_always_one(room, fits):
    assert fitting(["x" * 10] * 3, lambda row: [row], room=room) == fits


def test_the_dashboard_shows_the_beginning_and_leads_to_all_of_it(browse, dana, failed):
    browsing = browse(dana)
    page = browsing.get("/dashboard")
    [comment] = page.words("#inspections .note > p")
    assert comment.endswith("…”") and len(comment) <= 242 and len(page.select("#inspections .note li")) == 4
    whole = browsing.get(str(page.one("#inspections a.up")["href"]))
    assert LONG.strip() in whole.text and len(whole.select(".note li")) == 6


def test_a_long_list_of_long_texts_is_shown_by_parts_until_all_are_there(browse, dana, failed):
    for number in range(30):
        permit = permit_of(dana.company, f"PP-{number:05}", kind="PLUMBING", address=f"{number} {'Heron Bend ' * 10}")
        row = past(permit, dana.company, "SEWER", "failed")
        Inspection.update(comment=f"{number} {LONG}").where(Inspection.id == row.id).execute()
    browsing = browse(dana)
    counts = [len(browsing.get("/dashboard").select("#inspections .row"))]
    while any(link.get_text() == "Show more inspections" for link in browsing.page.select("#inspections .acts a")):
        counts.append(len(browsing.click("Show more inspections").select("#inspections .row")))
    assert counts == sorted(set(counts)) and counts[0] < 25 and counts[-1] == 31


def test_permits_with_long_addresses_come_once_each(browse, hill):
    builder = hill(60)
    browsing = browse(builder)
    address = Permit.original_address1.concat(" of the Upper Brushy Creek" * 4)
    Permit.update(original_address1=address, description="House and garage " * 20).execute()
    tell_companies([builder.company.id])
    seen = browsing.get("/dashboard").words(".permit .num")
    assert len(seen) < 25
    while browsing.page.select("#more a"):
        seen += browsing.click("Show more").words(".permit .num")
    assert len(seen) == len(set(seen)) == 60


def test_what_is_under_way_is_never_left_out(browse, dana, danas_permit, ray):
    made = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am")).inspections.get()
    Inspection.update(status="on_the_way", day=TODAY, inspector=ray.row).where(Inspection.id == made.id).execute()
    for number in range(30):
        past(permit_of(dana.company, f"PP-{number:05}", kind="PLUMBING"), dana.company, "SEWER", "failed")
    assert browse(dana).get("/dashboard").words(".live h3") == ["Water heater replacement"]


def test_the_history_of_a_permit_goes_on_by_pages(browse, dana, danas_house):
    for number in range(9):
        row = past(danas_house, dana.company, "SEWER", "failed")
        Inspection.update(comment=f"Visit {number}. {LONG}").where(Inspection.id == row.id).execute()
    browsing = browse(dana)
    path = "/permits/BP-2026-01184"
    seen = browsing.get(path).words("#history ~ ul .note > p")
    while any(link.get_text() == "Older inspections" for link in browsing.page.select("main .acts a")):
        seen += browsing.click("Older inspections").words("#history ~ ul .note > p")
    assert len(seen) == len(set(seen)) == 9
    assert browsing.click("The newest").words("#history ~ ul .note > p")[0] == seen[0]


@pytest.mark.parametrize("after", ["-1", "x", "99999999999999999999", "3"])
def test_an_odd_place_in_the_history_is_answered(browse, dana, danas_house, after):
    past(danas_house, dana.company, "SEWER", "failed")
    browse(dana).get(f"/permits/BP-2026-01184?after={after}")
