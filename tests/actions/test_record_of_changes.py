"""The record of changes is only ever added to: the database itself says so."""

import pytest
from peewee import PeeweeException

from tests.actions.told import wish
from tests.cast import NOW, ask
from tracker.actions.changes import SYSTEM, record
from tracker.actions.companies import renew_code
from tracker.db import database, is_postgresql
from tracker.models import Change


@pytest.fixture
def kept(dana, danas_permit) -> Change:
    ask(dana, danas_permit, wish("WH"))
    return Change.get()


ATTEMPTS = {
    "update": "UPDATE change SET actor_name = 'Eve'",
    "delete": "DELETE FROM change",
    "truncate": "TRUNCATE change",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_database_refuses_to_rewrite_it(kept, attempt):
    with pytest.raises(PeeweeException) as no, database.atomic():
        database.execute_sql(ATTEMPTS[attempt])
    if attempt != "truncate" or is_postgresql():  # the other has no such word
        assert "only ever added to" in str(no.value)
    assert Change.get().actor_name == "Lone Star Plumbing"


def test_it_says_who_when_from_where_and_what_was_before_and_after(dana):
    record(dana.by, "renamed", dana.company, now=NOW, before={"name": "Lone Star"}, after={"name": "Ñandú"}, reason="x")
    change = Change.select().order_by(Change.id.desc()).get()
    assert (change.at, change.actor, change.actor_name) == (NOW, f"contractor:{dana.company.id}", "Lone Star Plumbing")
    assert (change.subject, change.subject_id, change.verb) == ("contractor", dana.company.id, "renamed")
    assert (change.before, change.after, change.reason) == ('{"name": "Lone Star"}', '{"name": "Ñandú"}', "x")


def test_no_registration_code_stands_in_it(dana):
    code = renew_code(dana.company, by=SYSTEM, now=NOW)
    text = " ".join(f"{one.before} {one.after} {one.reason}" for one in Change.select())
    assert code not in text and dana.pin not in text
