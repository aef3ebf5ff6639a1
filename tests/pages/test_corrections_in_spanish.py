"""What an inspector picked is read in Spanish by those who read Spanish; what was written by hand stays as it is."""

import pytest

from tests.cast import LETTERHEAD, NOW, past
from tracker import emails
from tracker.actions.changes import tell_companies
from tracker.models import Inspection, Mail, Request

PICKED, BY_HAND = "Line did not hold the test", "Cap at the meter leaks"
IN_SPANISH = "La tubería no aguantó la prueba"


@pytest.fixture
def failed(dana, danas_house) -> Inspection:
    row = past(danas_house, dana.company, "GAS", "failed")
    Inspection.update(corrections=f"{PICKED}\n{BY_HAND}").where(Inspection.id == row.id).execute()
    return Inspection.get_by_id(row.id)


@pytest.mark.parametrize("where", ["/dashboard", "/permits/BP-2026-01184"])
@pytest.mark.parametrize("language, first", [("en", PICKED), ("es", IN_SPANISH)])
def test_pages_say_what_was_picked_in_the_readers_language(browse, dana, failed, where, language, first):
    page = browse(dana, Accept_Language=language).get(where)
    assert page.words(".note li") == [first, BY_HAND]


def test_the_lists_of_a_reader_of_spanish_cost_one_query_more(browse, dana, failed, counting):
    spent = []
    for language in ("en", "es"):
        browsing = browse(dana, Accept_Language=language)
        tell_companies([dana.company.id])
        with counting() as queries:
            browsing.get("/dashboard")
        spent.append(len(queries))
    assert spent[1] == spent[0] + 1


@pytest.mark.parametrize("language, first", [("en", PICKED), ("es", IN_SPANISH)])
def test_the_mail_says_it_in_the_language_of_the_request(failed, language, first):
    Request.update(language=language).execute()
    emails.result(Inspection.get_by_id(failed.id), letterhead=LETTERHEAD, now=NOW)
    for mail in Mail.select():
        assert f"  - {first}\n  - {BY_HAND}\n" in mail.text and f"<li>{first}</li>" in mail.html


def test_an_inspector_who_reads_spanish_picks_by_spanish_words(browse, ray, failed):
    Inspection.update(inspector=ray.row).where(Inspection.id == failed.id).execute()
    page = browse(ray, Accept_Language="es").get(f"/staff/stops/{failed.id}/result")
    ticked = page.one("input[name=corrections][checked]")
    assert ticked["value"] == PICKED and ticked.parent.get_text().strip() == IN_SPANISH
