"""Sums for reports, kept in step by triggers on `inspection`.

The triggers only copy: what counts where is decided in one place, `rules.tallies`. A migration that makes the table
`inspection` anew has to make them anew too.
"""

from peewee import PostgresqlDatabase

COUNTS = (
    *("requested", "passed", "passed_with_conditions", "partial", "failed", "no_access", "not_ready", "waived"),
    *("cancelled_on_site", "cancelled_same_day", "cancelled_before", "declined"),
    *(f"waited_{days}" for days in (*range(22), 31, 61)),
)

TABLES = """
CREATE TABLE tally (
    id {serial},
    span VARCHAR(5) NOT NULL CHECK (span IN ('day','month')),
    day DATE NOT NULL,
    type_id INTEGER NOT NULL,
    inspector_id INTEGER NOT NULL,
    {counts}
);
CREATE UNIQUE INDEX tally_span_day_type_id_inspector_id ON tally (span, day, type_id, inspector_id);

CREATE TABLE uncounted (
    id {serial},
    n INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    inspector_id INTEGER,
    requested_at {instant},
    status VARCHAR(20) NOT NULL,
    result VARCHAR(30),
    day DATE NOT NULL,
    closed_on DATE
)
"""
COPIED = "inspection_type_id, inspector_id, requested_at, status, result, day, closed_on"
ADD = "INSERT INTO uncounted (n, type_id, inspector_id, requested_at, status, result, day, closed_on)"
NEW, OLD = (", ".join(f"{row}.{column}" for column in COPIED.split(", ")) for row in ("NEW", "OLD"))
AS_IS, AS_WAS = f"{ADD} VALUES (1, {NEW});", f"{ADD} VALUES (-1, {OLD});"
SQLITE = (
    f"CREATE TRIGGER inspection_added_counts AFTER INSERT ON inspection BEGIN {AS_IS} END",
    f"CREATE TRIGGER inspection_changed_counts AFTER UPDATE OF {COPIED} ON inspection"
    f" WHEN ({NEW}) IS NOT ({OLD}) BEGIN {AS_WAS} {AS_IS} END",
    f"CREATE TRIGGER inspection_removed_counts AFTER DELETE ON inspection BEGIN {AS_WAS} END",
)
POSTGRESQL = (
    "CREATE FUNCTION count_inspection() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP <> 'INSERT' THEN {AS_WAS} END IF; IF TG_OP <> 'DELETE' THEN {AS_IS} END IF; RETURN NULL; END $$",
    "CREATE TRIGGER inspection_counts AFTER INSERT OR DELETE ON inspection"
    " FOR EACH ROW EXECUTE FUNCTION count_inspection()",
    f"CREATE TRIGGER inspection_changed_counts AFTER UPDATE OF {COPIED} ON inspection FOR EACH ROW"
    f" WHEN (({NEW}) IS DISTINCT FROM ({OLD})) EXECUTE FUNCTION count_inspection()",
)


def up(migrator, db):
    postgresql = isinstance(db, PostgresqlDatabase)
    words = {
        "serial": "SERIAL NOT NULL PRIMARY KEY" if postgresql else "INTEGER NOT NULL PRIMARY KEY",
        "instant": "TIMESTAMP" if postgresql else "DATETIME",
        "counts": ",\n    ".join(f"{name} INTEGER NOT NULL" for name in COUNTS),
    }
    for statement in TABLES.format(**words).split(";"):
        db.execute_sql(statement)
    for statement in POSTGRESQL if postgresql else SQLITE:
        db.execute_sql(statement)
    # What is there already waits to be counted like any other change.
    db.execute_sql(f"{ADD} SELECT 1, {COPIED} FROM inspection")


def down(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("DROP FUNCTION count_inspection CASCADE")
    else:
        for name in ("added", "changed", "removed"):
            db.execute_sql(f"DROP TRIGGER inspection_{name}_counts")
    db.execute_sql("DROP TABLE uncounted")
    db.execute_sql("DROP TABLE tally")
