"""When two spellings are one company, when a supervisor is asked, and what a new company gets."""

import re

import pytest

from tests.cast import CLERK, NOW
from tests.importing.conftest import austin_row
from tracker.actions.companies import NamelessCompany, SpellingTaken, add_spellings, make_company, renew_code
from tracker.models import Change, CompanyName, Contractor, PossibleMatch
from tracker.queries.companies import companies_beginning, company_named

BLDS = "PermitNum,StatusCurrent,IssuedDate,OriginalAddress1,ContractorCompanyName,ContractorLicNum,ContractorPhone\n"


def blds(*companies: str) -> str:
    return BLDS + "".join(f"{n},Issued,2026-05-04,1 Main St,{company}\n" for n, company in enumerate(companies, 1))


def companies() -> list[str]:
    return [name for (name,) in Contractor.select(Contractor.company_name).order_by(Contractor.company_name).tuples()]


def test_the_same_letters_are_one_company(load) -> None:
    load(austin_row("1 PP", contractor="TD INDUSTRIES"), austin_row("2 PP", contractor="TDIndustries"))
    assert companies() == ["TD INDUSTRIES"]


def test_the_same_licence_number_is_one_company_with_two_spellings(load) -> None:
    summary = load(blds("Lone Star Plumbing,M-40,", "L S Plumbers,m\u201040,512-555-0170"), profile="blds")
    assert companies() == ["Lone Star Plumbing"] and summary.counts["spellings"] == 1
    assert company_named("LS Plumbers").phone == "512-555-0170"


def test_the_legal_form_apart_they_are_one_where_the_address_agrees(load) -> None:
    place = {"contractor_address": "12 Main St", "contractor_zip": "78664-1234"}
    same = {"contractor_address": "12 MAIN ST.", "contractor_zip": "78664"}
    load(austin_row("1 PP", contractor="Fox Service Co.", **place))
    load(austin_row("2 PP", contractor="Fox Service Company, Inc.", **same))
    assert companies() == ["Fox Service Co."] and PossibleMatch.select().count() == 0


@pytest.mark.parametrize("address", ["", "99 Elsewhere Rd"])
def test_otherwise_a_supervisor_is_asked_once(load, address) -> None:
    rows = [
        austin_row("1 PP", contractor="Fox Service Co.", contractor_address="12 Main St", contractor_zip="78664"),
        austin_row("2 PP", contractor="Fox Service, LLC", contractor_address=address, contractor_zip="78664"),
    ]
    assert load(*rows).counts["possible_matches"] == 1
    assert load(rows[1] | {"status": "Final"}).counts["possible_matches"] == 0
    assert len(companies()) == 2 and PossibleMatch.select().count() == 1


def test_two_companies_of_which_one_has_the_name_and_one_the_licence_stay_two(load) -> None:
    make_company("Lone Star Plumbing")
    make_company("Evergreen Drains", lic_num="M-40")
    assert load(blds("Lone Star Plumbing,M-40,"), profile="blds").counts["possible_matches"] == 1
    assert company_named("Evergreen Drains").lic_num == "M-40"


def test_what_a_company_wrote_itself_is_not_overwritten(load) -> None:
    make_company("Lone Star Plumbing", phone="512-555-0170")
    load(blds("Lone Star Plumbing,M-40,512-555-9999"), profile="blds")
    company = company_named("Lone Star Plumbing")
    assert (company.phone, company.lic_num) == ("512-555-0170", "M-40")


def test_permits_of_a_merged_spelling_go_to_the_company_it_was_merged_into(load) -> None:
    kept, gone = make_company("Fox Service"), make_company("Fox Servicing")
    Contractor.update(merged_into=kept).where(Contractor.id == gone.id).execute()
    load(austin_row(contractor="Fox Servicing"))
    assert kept.permits.count() == 1 and gone.permits.count() == 0


@pytest.mark.parametrize("name", ["", "  ", "--", "N/A", "None"])
def test_nobody_is_no_company(load, name) -> None:
    assert load(austin_row(contractor=name)).counts["new"] == 1
    assert companies() == []


def test_each_new_company_gets_a_code_of_its_own_that_is_easy_to_read_out(load) -> None:
    load(*(austin_row(f"{n} PP", contractor=f"Company {n}") for n in range(20)))
    codes = {code for (code,) in Contractor.select(Contractor.registration_code).tuples()}
    assert len(codes) == 20
    assert all(re.fullmatch("RR-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code) for code in codes)
    logged = "".join(change.after + change.before for change in Change.select())
    assert not any(code in logged for code in codes)


def test_a_company_is_found_from_any_of_its_words(connected) -> None:
    company = make_company("Lone Star Plumbing, Inc.")
    for typed in ("lone", "STAR pl", "plumb"):
        assert [id for id, _ in companies_beginning(typed)] == [company.id]
    assert companies_beginning("inc") == []


def test_a_spelling_is_one_company_s_only(connected) -> None:
    one = make_company("Lone Star")
    add_spellings([(one.id, "L.S. Plumbing")])
    assert CompanyName.select().where(CompanyName.contractor == one).count() == 2
    with pytest.raises(SpellingTaken):
        make_company("LS Plumbing")
    with pytest.raises(NamelessCompany):
        make_company("--")


def test_a_renewed_code_ends_the_old_one_the_own_pin_and_the_sessions(connected) -> None:
    company = make_company("Lone Star")
    Contractor.update(own_pin_hash="hash").execute()
    code = renew_code(company, by=CLERK, now=NOW)
    after = Contractor.get_by_id(company.id)
    assert after.registration_code == code != company.registration_code
    assert after.own_pin_hash is None and after.session_token != company.session_token
    assert after.version == company.version + 1
    assert code not in str(list(Change.select().dicts()))
