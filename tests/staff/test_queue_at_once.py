"""Two technicians at once, with two open transactions: one wins, the other is told; nobody overwrites."""

from functools import partial

import pytest

from tests.actions.a_day import again, asked
from tests.actions.told import mails
from tests.cast import NOW, WEDNESDAY, desk
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.by_hand import CannotSave, correct_permit, permit_version, put_on
from tracker.actions.planned import assign_all
from tracker.actions.review import assign
from tracker.actions.seen import ChangedMeanwhile, Seen
from tracker.actions.telephone import cancel_by_telephone
from tracker.models import Change, Permit
from tracker.rules.reasons import put


def words(problems) -> list[str]:
    return [put(reason, gettext=str) for _id, reason in problems]


@pytest.fixture
def rows(dana):
    return [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(1, 4)]


def planned(rows, inspector, who):
    wanted = {Seen.of(row): inspector.row for row in rows}
    return partial(assign_all, wanted, desk=desk(), by=who.by, now=NOW)


@pytest.mark.parametrize("first_stays", [True, False])
def test_a_plan_waits_for_an_assignment_and_leaves_it(rows, sam, olu, ray, june, first_stays):
    first = partial(assign, [Seen.of(rows[1])], inspector=ray.row, desk=desk(), by=olu.by, now=NOW)
    done, refused = meanwhile(first, planned(rows, june, sam), commit=first_stays)
    if first_stays:
        assert len(done.inspections) == 2
        [told] = words(refused)
        assert "2 Quarry Hill: changed by Olu Adeyemi, 10:00 AM. It is with Ray Ortega" in told
        assert again(rows[1]).inspector == ray.row
    else:
        assert (len(done.inspections), refused) == (3, [])
    assert [kind for kind, _to in mails()].count("assigned") == 3


def test_two_plans_at_once_share_nothing(rows, sam, olu, ray, june):
    answers = at_once([planned(rows, ray, sam), planned(rows[::-1], june, olu)])
    assert sorted(len(done.inspections) for done, _refused in answers) == [0, 3]
    assert sorted(len(refused) for _done, refused in answers) == [0, 3]
    assert len({again(row).inspector_id for row in rows}) == 1
    assert [kind for kind, _to in mails()].count("assigned") == 3


def test_plans_in_each_others_way_never_wait_forever(dana, sam, olu, ray, june):
    """Rows, permits, the company and the inspectors are taken in one order by both."""
    rows = [asked(dana, f"{n} Heron Bend", WEDNESDAY) for n in range(8)]
    mixed = [partial(assign_all, {Seen(row.id): (ray if n % 2 else june).row for n, row in enumerate(part)},
                     desk=desk(), by=who.by, now=NOW)
             for part, who in ((rows, sam), (rows[::-1], olu))]  # fmt: skip
    for answer in at_once(mixed):
        assert not isinstance(answer, Exception), answer


def test_a_telephone_cancellation_waits_for_an_assignment(rows, sam, olu, ray):
    seen = Seen.of(rows[0])
    first = partial(assign, [seen], inspector=ray.row, desk=desk(), by=olu.by, now=NOW)
    cancel = partial(cancel_by_telephone, seen, reason="", desk=desk(), by=sam.by, now=NOW)
    no = meanwhile(first, cancel, commit=True)
    assert isinstance(no, ChangedMeanwhile)
    assert "It is with Ray Ortega" in put(no.reason, gettext=str)


def test_two_corrections_of_one_permit(rows, sam, olu):
    permit = rows[0].permit
    version = permit_version(permit.id)

    def correct(who, address):
        facts = {"original_address1": address}
        return partial(correct_permit, permit, facts, version=version, reason="", today=WEDNESDAY, by=who.by, now=NOW)

    no = meanwhile(correct(sam, "1 Sam Street"), correct(olu, "2 Olu Street"), commit=True)
    assert isinstance(no, CannotSave)
    told = "Sam Okafor changed this permit meanwhile. Look it over: saving again puts yours in its place."
    assert put(no.reason, gettext=str) == told
    assert Permit.get_by_id(permit.id).original_address1 == "1 Sam Street"


def test_one_company_put_on_twice_at_once(rows, eve, sam, olu):
    put_it = [partial(put_on, rows[0].permit, eve.company, trade="general", by=who.by, now=NOW) for who in (sam, olu)]
    answers = at_once(put_it)
    assert sorted(type(answer).__name__ for answer in answers) == ["CannotSave", "NoneType"]
    assert Change.select().where(Change.verb == "put_on_permit").count() == 1
