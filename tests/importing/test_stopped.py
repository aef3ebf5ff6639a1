"""An import killed in the middle and run again; and a site that stays open meanwhile."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.cast import CHICAGO, NOW
from tests.importing.conftest import austin_row, contents, write_austin
from tests.servers import TOP
from tracker.db import database
from tracker.importing import run
from tracker.importing.profile import load_profile
from tracker.models import Contractor, Permit

SCRIPT = """
import sys, time
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
    run.import_permits(Path(sys.argv[2]), load_profile("austin"), now=now, zone=ZoneInfo("America/Chicago"))
"""


def rows(count: int) -> list[dict[str, str]]:
    return [austin_row(f"{n % (count - 300):06} PP", contractor=f"Company {n % 300}") for n in range(count)]


def test_killed_in_the_middle_and_run_again_it_is_as_if_it_had_never_been_killed(connected, load, tmp_path) -> None:
    everything = rows(4_000)
    path = write_austin(tmp_path / "all.csv", everything)
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, connected, str(path), NOW.isoformat()], cwd=TOP)
    try:
        while Permit.select().count() < 500 and child.poll() is None:
            time.sleep(0.02)
    finally:
        child.kill()
        child.wait()
    assert 0 < Permit.select().count() < 3_700
    again = load(*everything)
    assert again.counts["unchanged"] >= 500 and again.counts["new"] >= 500
    completed = contents()
    for table in ("permit_contractor", "permit", "company_start", "company_name", "contractor"):
        database.execute_sql(f"DELETE FROM {table}")
    load(*everything)
    assert contents() == completed


def test_others_get_their_turn_to_write(connected, tmp_path: Path) -> None:
    path = write_austin(tmp_path / "all.csv", rows(6_000))
    company = Contractor.create(company_name="x", registration_code="x", code_key="x", session_token="x")
    failed: list[BaseException] = []

    def load() -> None:
        try:
            with database.connection_context():
                run.import_permits(path, load_profile("austin"), now=NOW, zone=CHICAGO)
        except BaseException as no:
            failed.append(no)

    loading = threading.Thread(target=load)
    loading.start()
    waits = []
    while loading.is_alive():
        start = time.monotonic()
        with database.atomic():
            Contractor.update(version=Contractor.version + 1).where(Contractor.id == company.id).execute()
        waits.append(time.monotonic() - start)
        time.sleep(0.01)
    loading.join()
    assert not failed and Permit.select().count() == 5_700
    assert max(waits) < 2
    assert Contractor.get_by_id(company.id).version == 1 + len(waits)
