"""PostgreSQL's own programs, pg_dump, pg_restore and psql, called with the database of DATABASE_URL."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.backups.problems import NEWER_THAN_ANY, BackupProblem
from tracker.models import TABLES

# Everything goes before the backup comes in, all in one transaction: also what a later migration made. The tables are
# locked first, each in its turn, so that whoever is connected waits instead of meeting half of it.
CLEAR = """
BEGIN;
SET LOCAL lock_timeout = '60s';
SET LOCAL client_min_messages = warning;
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY ({tables}) ORDER BY 1
    LOOP EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', one); END LOOP;
    FOR one IN SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace AND relname = ANY ({tables})
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', one); END LOOP;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY ({tables})
    LOOP EXECUTE format('DROP TABLE public.%I CASCADE', one); END LOOP;
END $$;
"""
DONE = f"SET LOCAL search_path = public;\n{NEWER_THAN_ANY};\nCOMMIT;\n"


def dump(file: Path, *, url: str) -> None:
    """The database as it is now, in pg_dump's own compressed form, read once from end to end."""
    _run("pg_dump", "--format=custom", f"--file={file}", url=url)
    _run("pg_restore", "--file=/dev/null", str(file))


def migrations_in(file: Path) -> set[str]:
    """The names of the migrations that made what the file holds. Raises BackupProblem if it is no sound backup."""
    _run("pg_restore", "--file=/dev/null", str(file))
    rows = _run("pg_restore", "--data-only", "--table=schema_migration", "--file=-", str(file))
    names = set(re.findall(r"^\d+\t(\d+_\w+)\t", rows, re.MULTILINE))
    if not names:
        raise BackupProblem(f"{file} is no backup of this program.")
    return names


def put_back(file: Path, *, url: str) -> None:
    """Into the database in one transaction, which is ended only when all of the file is in."""
    script = subprocess.Popen(
        [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", file],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
    )  # fmt: skip
    psql = subprocess.Popen(
        [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", _address(url)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(url),
    )  # fmt: skip
    with script, psql:
        said = _poured(script, psql, CLEAR.format(tables=_names(_tables(file))))
    if psql.returncode or script.returncode:
        raise BackupProblem(f"PostgreSQL refuses, and everything is as it was: {_first_line(said)}")


def _poured(script: subprocess.Popen[bytes], psql: subprocess.Popen[bytes], before: str) -> str:
    """All that `script` says goes to `psql`, which is told to commit if it came to its end; what psql complains of."""
    assert script.stdout and psql.stdin and psql.stderr
    try:
        psql.stdin.write(before.encode())
        shutil.copyfileobj(script.stdout, psql.stdin)
        if script.wait() == 0:
            psql.stdin.write(DONE.encode())
        psql.stdin.close()
    except BrokenPipeError:
        script.kill()
    return psql.stderr.read().decode(errors="replace")


def _tables(file: Path) -> set[str]:
    """Those of this program and those that the file brings."""
    listed = _run("pg_restore", "--list", str(file))
    ours = {table._meta.table_name for table in TABLES}
    return {"schema_migration", *ours, *re.findall(r" TABLE public (\w+) ", listed)}


def _names(tables: Iterable[str]) -> str:
    return "'{" + ",".join(sorted(tables)) + "}'"


def _run(program: str, *arguments: str, url: str = "") -> str:
    done = subprocess.run(
        [_program(program), *([f"--dbname={_address(url)}"] if url else []), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", env=_environment(url),
    )  # fmt: skip
    if done.returncode:
        raise BackupProblem(f"{program} refuses: {_first_line(done.stderr)}")
    return done.stdout


def _first_line(said: str) -> str:
    lines = [line for line in said.splitlines() if "error" in line.lower()] or said.splitlines() or ["no reason given"]
    return lines[0].strip()


def _program(name: str) -> str:
    if path := shutil.which(name):
        return path
    raise BackupProblem(f"{name} is not on this machine: install PostgreSQL's programs (Debian: postgresql-client).")


def _address(url: str) -> str:
    """The URL without its password, which would be seen in the list of processes."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, host = parts.netloc.rpartition("@")[::2]
    return parts._replace(netloc=f"{user.partition(':')[0]}@{host}").geturl()


def _environment(url: str = "") -> dict[str, str]:
    password = urlsplit(url).password
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | ({"PGPASSWORD": unquote(password)} if password else {})
