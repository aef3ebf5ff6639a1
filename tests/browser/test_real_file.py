"""The main path on a city's real export: imported, found by its company, requested on, and on the dashboard."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.browser.person import fill_contact, is_fine, sign_in
from tests.cast import TODAY
from tracker.models import Contractor, PermitContractor, Request
from tracker.rules.words import ACTIVE_PERMIT

FOLDER = Path(os.environ.get("REAL_DATA", "/nowhere"))
SOURCE = FOLDER / "austin_permits_2015.csv"

pytestmark = pytest.mark.skipif(not SOURCE.exists(), reason="REAL_DATA names no folder with the export of 2015")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The export as if it were yesterday's, and of it the rows of companies in Round Rock alone."""
    moved, slice_ = tmp_path / "moved.csv", tmp_path / "round_rock.csv"
    yesterday = str(TODAY.replace(day=TODAY.day - 1))
    subprocess.run(
        [sys.executable, FOLDER / "recent.py", SOURCE, moved, "--newest", yesterday], check=True, capture_output=True
    )
    with moved.open(newline="", encoding="utf-8") as whole, slice_.open("w", newline="", encoding="utf-8") as part:
        rows = csv.DictReader(whole)
        kept = csv.DictWriter(part, rows.fieldnames or ())
        kept.writeheader()
        kept.writerows(row for row in rows if (row["contractor_city"] or "").strip().lower() == "round rock")
    return slice_


def busiest() -> Contractor:
    """The company with the most permits that inspections can be requested on, and a plumber or builder at that."""
    rows = PermitContractor.select().where(PermitContractor.trade.in_(("plumbing", "general")))
    counts = Counter(
        row.contractor_id for row in rows if row.permit.status in ACTIVE_PERMIT and row.permit.is_active(TODAY)
    )
    return Contractor.get_by_id(counts.most_common(1)[0][0])


@pytest.mark.parametrize("way", [{}, {"javascript": False, "cdn": False}], ids=["htmx", "no script"])
def test_a_company_of_round_rock_requests_an_inspection_on_its_own_permit(app, site, phone, axe, export, way):
    done = app.test_cli_runner().invoke(args=["import", "permits", str(export), "--profile", "austin"])
    assert done.exit_code == 0, done.output
    company = busiest()
    made = phone(**way)
    page = made.page
    sign_in(page, site, company.company_name, company.registration_code)
    assert page.get_by_role("heading", level=1).inner_text() == company.company_name
    assert page.locator(".permit").count() > 0
    is_fine(made)
    page.locator(".permit a.btn[href$='/request']").first.click()
    fill_contact(page)
    assert page.locator("#site_address").input_value() != ""
    choices = page.locator("#inspection_type option:not([disabled])").evaluate_all("all => all.map(one => one.value)")
    page.locator("#inspection_type").select_option(next(filter(None, choices)))
    page.get_by_label("Remarks").fill("Marco, 512-555-0163")
    is_fine(made)
    page.locator("button.wide[value=submit]").click()
    page.wait_for_url("**/dashboard")
    assert page.locator(".said").inner_text().find(f" No. {Request.get().id}.") > 0
    assert page.locator("#inspections .row").count() == 1 and not (axe(page) if not way else [])
    is_fine(made)
