"""What is somebody's own is found whatever its number; what is not theirs, or of no number, is not there."""

import pytest
from werkzeug.exceptions import NotFound

from tests.cast import past
from tracker.access import Account, inspection_for, load_account, permit_for, person_for
from tracker.models import Inspection, Permit, Person, SignIn

LARGEST = 2**31 - 1  # that PostgreSQL keeps


@pytest.fixture
def hers(dana):
    return Account(dana.company)


@pytest.mark.parametrize("id", [1, 2, 63, LARGEST])
def test_by_number(hers, dana, eve, danas_house, id):
    past(danas_house, dana.company, "SEWER", "passed")
    Inspection.update(id=id).execute()
    Person.insert(id=id, contractor=dana.company, name="Marco Field", email="marco@lonestar.example").execute()
    assert inspection_for(hers, id).permit_id == danas_house.id
    assert person_for(hers, id).name == "Marco Field" and person_for(hers, id).contractor is dana.company
    for loader in (inspection_for, person_for):
        with pytest.raises(NotFound):
            loader(Account(eve.company), id)
        with pytest.raises(NotFound):
            loader(hers, 3)


@pytest.mark.parametrize("id", [0, -1, LARGEST + 1, 2**40, 2**70])
def test_a_number_that_no_database_gives_is_not_there(hers, id):
    for loader in (inspection_for, person_for):
        with pytest.raises(NotFound):
            loader(hers, id)


def test_a_permit_by_what_stands_on_it(hers, eve, danas_permit, eves_permit):
    assert permit_for(hers, danas_permit.permit_num) == Permit.get_by_id(danas_permit.id)
    for account, number in (
        (Account(eve.company), danas_permit.permit_num),
        (hers, eves_permit.permit_num),
        (hers, f"{danas_permit.permit_num}\0"),
        (hers, "\0"),
        (hers, ""),
    ):
        with pytest.raises(NotFound):
            permit_for(account, number)


def test_whose_session_it_is_stands_in_the_cookie_and_nothing_else(browse, dana, sam):
    for who, kind, row in ((dana, "contractor", dana.company), (sam, "staff", sam.row)):
        browse(who)
        session = SignIn.select().order_by(SignIn.id.desc()).get().session
        account = load_account(f"{kind}:{session}")
        assert account and (account.row, account.get_id()) == (row, f"{kind}:{session}")
        assert account.is_staff is (kind == "staff") and account.edition is not None
        other = {"staff": "contractor", "contractor": "staff"}[kind]
        for text in (f"{other}:{session}", f"{kind}:", session, kind, "", f"{kind}:{session}x", f"{kind}:{session} "):
            assert load_account(text) is None
