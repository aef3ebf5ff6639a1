"""What the tests of backups share: every row of every table, and the two commands."""

import pytest

from tracker.db import database, one_look


@pytest.fixture
def rows(app):
    """`rows()` → table → its rows, all of them as they were at one moment."""

    def read():
        with database.connection_context(), one_look():
            return {
                name: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{name}"').fetchall()))
                for name in database.get_tables()
            }

    return read


@pytest.fixture
def run(app):
    """`run("backup", file)` → what the command said and how it ended."""

    def command(*words):
        database.close()
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return command
