"""An import of the history killed in the middle and run again, two at once, and requests that are made meanwhile."""

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import CHICAGO, NOW, TODAY, ask
from tests.importing.conftest import history_row, inspections, write_history
from tests.servers import TOP
from tracker.actions.requests import Wish
from tracker.db import database
from tracker.importing import inspections as batches
from tracker.importing.profile import load_profile
from tracker.importing.run import import_inspections
from tracker.models import Inspection, InspectionResult, Permit, PermitContractor

SCRIPT = """
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from tracker.db import connect_to, database
from tracker.importing import run
from tracker.importing.profile import load_profile
run.PAUSE_SECONDS = 0.3
connect_to(sys.argv[1])
with database.connection_context():
    now = datetime.fromisoformat(sys.argv[3])
    run.import_inspections(Path(sys.argv[2]), load_profile("blds"), now=now, zone=ZoneInfo("America/Chicago"))
"""


@pytest.fixture
def town(dana, danas_house) -> list[str]:
    """The numbers of 300 further permits of Dana's."""
    facts = {
        name: getattr(danas_house, name) for name in ("permit_type_id", "status", "issued_on", "source_expires_on")
    }
    numbers = [f"BP-2026-{5000 + n}" for n in range(300)]
    with database.atomic():
        for number in numbers:
            permit = Permit.create(
                **facts, permit_num=number, original_address1="1 Quarry Hill", expires_on=facts["source_expires_on"]
            )
            PermitContractor.create(permit=permit, contractor=dana.company, trade="plumbing")
    return numbers


def rows(town: list[str]) -> list[dict[str, str]]:
    return [
        history_row(number, kind, result, InspectedDate=f"2026-05-{day:02}")
        for number in town
        for kind, result, day in (("PLRGH", "Rejected", 5), ("PLRGH", "Passed", 7), ("SEWER", "Rejected", 9),
                                  ("PLTOP", "No Access", 9), ("PLTOP", "Partial", 9), ("GAS", "Passed", 20))
    ]  # fmt: skip


def state() -> list:
    known = [{name: value for name, value in row.items() if name != "permit"} for row in inspections()]
    return [known, list(Permit.select(Permit.permit_num, Permit.expires_on).order_by(Permit.id).tuples())]


def load(path: Path):
    return import_inspections(path, load_profile("blds"), now=NOW, zone=CHICAGO)


def test_killed_in_the_middle_and_run_again_it_is_as_if_it_had_never_been_killed(db, town, tmp_path) -> None:
    path = write_history(tmp_path / "all.csv", rows(town))
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, db, str(path), NOW.isoformat()], cwd=TOP)
    try:
        while Inspection.select().count() < 500 and child.poll() is None:
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait()
    assert 0 < Inspection.select().count() < 1_800
    again = load(path).counts
    assert again["unchanged"] >= 500 and again["new"] + again["unchanged"] == 1_800
    completed = state()
    Inspection.delete().execute()
    Permit.update(expires_on=Permit.source_expires_on).execute()
    load(path)
    assert state() == completed


def test_requests_are_made_meanwhile_and_succeed(db, dana, town, tmp_path) -> None:
    path, failed = write_history(tmp_path / "all.csv", rows(town)), []

    def loading() -> None:
        try:
            with database.connection_context():
                load(path)
        except BaseException as no:
            failed.append(no)

    thread = threading.Thread(target=loading)
    thread.start()
    waits = []
    for number in town:
        if not thread.is_alive():
            break
        start = time.monotonic()
        day = TODAY + timedelta(days=2 + len(waits) % 2)
        ask(dana, Permit.get(Permit.permit_num == number), Wish("SEWER", day, "any"), key=number)
        waits.append(time.monotonic() - start)
        time.sleep(0.02)
    thread.join()
    assert not failed and waits and max(waits) < 2
    assert Inspection.select().where(Inspection.status == "requested").count() == len(waits)
    assert Inspection.select().where(Inspection.status == "done").count() == 1_800


def test_two_at_once_bring_nothing_twice(db, town, tmp_path) -> None:
    path, failed = write_history(tmp_path / "all.csv", rows(town)), []

    def loading() -> None:
        try:
            with database.connection_context():
                load(path)
        except BaseException as no:
            failed.append(no)

    threads = [threading.Thread(target=loading) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and Inspection.select().count() == 1_800


def test_what_somebody_changed_meanwhile_is_looked_at_anew(bring, danas_house, monkeypatch) -> None:
    bring(history_row(result="Rejected"))
    real, tries = batches._changes, []

    def overtaken(row, said, zone):
        """Between what is read and what is written, at the first try; that is taken back with it."""
        tries.append(row.result)
        changes = real(row, said, zone)
        if len(tries) == 1:
            Inspection.update(result="waived").execute()
        return changes

    monkeypatch.setattr(batches, "_changes", overtaken)
    assert bring(history_row()).counts["changed"] == 1
    assert tries == ["failed", "failed"] and Inspection.get().result == "passed"
    assert [one.result for one in InspectionResult.select().order_by(InspectionResult.id)] == ["failed", "passed"]
