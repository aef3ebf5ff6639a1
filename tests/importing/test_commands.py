"""The commands as a clerk types them: what goes to stdout and stderr, and the exit code."""

from tests.importing.conftest import austin_row, history_row, write_austin, write_history
from tracker.cli.exports import exports
from tracker.cli.imports import imports
from tracker.db import database
from tracker.models import Inspection, Permit


def permits() -> int:
    with database.connection_context():
        return Permit.select().count()


def test_import_says_what_it_did(app, tmp_path) -> None:
    path = write_austin(tmp_path / "permits.csv", [austin_row("1 PP"), austin_row("2 PP", status="?")])
    out = tmp_path / "rejects.csv"
    done = app.test_cli_runner().invoke(imports, ["permits", str(path), "--profile", "austin", "--rejects", str(out)])
    assert done.exit_code == 0, done.output
    assert "         2 rows read" in done.stdout and "         1 new permits" in done.stdout
    assert "line 3: the status is no word" in done.stdout and "rows applied" in done.stderr
    assert permits() == 1 and out.read_text().count("\n") == 2


def test_a_dry_run_leaves_everything_as_it_is(app, tmp_path) -> None:
    path = write_austin(tmp_path / "permits.csv", [austin_row("1 PP")])
    done = app.test_cli_runner().invoke(imports, ["permits", str(path), "--profile", "austin", "--dry-run"])
    assert done.exit_code == 0 and "nothing was changed" in done.stdout and "         1 new permits" in done.stdout
    assert permits() == 0


def test_what_cannot_be_done_is_said_on_stderr(app, tmp_path) -> None:
    run = app.test_cli_runner().invoke
    path = write_austin(tmp_path / "permits.csv", [austin_row()])
    empty = tmp_path / "empty.csv"
    empty.touch()
    for arguments, code, said in (
        (["permits", str(path), "--profile", "nowhere"], 1, "There is no profile nowhere"),
        (["permits", str(path), "--profile", "blds"], 1, "The file has no column PermitNum"),
        (["permits", str(empty), "--profile", "austin"], 1, "is empty"),
        (["permits", str(path)], 2, "--profile"),
        (["permits", str(tmp_path / "none.csv"), "--profile", "austin"], 2, "does not exist"),
    ):
        done = run(imports, arguments)
        assert done.exit_code == code and said in done.stderr and not done.stdout
    done = run(exports, ["permits", str(tmp_path / "no" / "out.csv")])
    assert done.exit_code == 1 and "can't be written" in done.stderr


def test_exports(app, tmp_path) -> None:
    run = app.test_cli_runner().invoke
    for what in ("permits", "inspections"):
        done = run(exports, [what, str(tmp_path / f"{what}.csv")])
        assert done.exit_code == 0 and "0 rows written" in done.stdout
        assert (tmp_path / f"{what}.csv").read_text().startswith("PermitNum,")


def test_the_history_has_its_own_command(app, danas_permit, tmp_path) -> None:
    rows = [history_row("PP-2026-00932", "WH"), history_row("PP-2026-00932", "WH", "Splendid")]
    path, run = write_history(tmp_path / "inspections.csv", rows), app.test_cli_runner().invoke
    out = tmp_path / "rejects.csv"
    command = ["inspections", str(path), "--profile", "blds"]
    rehearsed = run(imports, [*command, "--dry-run"])
    assert rehearsed.exit_code == 0 and "nothing was changed" in rehearsed.stdout and not Inspection.select().exists()
    done = run(imports, [*command, "--rejects", str(out)])
    assert done.exit_code == 0, done.output
    assert "         2 rows read" in done.stdout and "         1 new inspections" in done.stdout
    assert "line 3: the result is no word of the profile: Splendid" in done.stdout and "rows applied" in done.stderr
    assert out.read_text().count("\n") == 2
    assert "         1 unchanged inspections" in run(imports, command).stdout
    for arguments, code, said in (
        (["inspections", str(path), "--profile", "austin"], 1, "says nothing of inspections"),
        (["inspections", str(path)], 2, "--profile"),
        ([*command, "--take-older"], 2, "--take-older"),
    ):
        done = run(imports, arguments)
        assert done.exit_code == code and said in done.stderr and not done.stdout
