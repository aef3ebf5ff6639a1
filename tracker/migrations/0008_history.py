"""Inspections that an import brought: without a request here, known by the source's word for them."""

from peewee import Check

CAME = ("request_id", "contractor_id", "requested_at")
CHECK = Check("(request_id IS NULL) = (source_key IS NOT NULL)")


def up(migrator, db):
    for statement in (
        "ALTER TABLE inspection ADD COLUMN source_key VARCHAR(80)",
        "ALTER TABLE inspection ADD COLUMN source_digest VARCHAR(40) NOT NULL DEFAULT ''",
        "ALTER TABLE inspection ADD COLUMN source_type VARCHAR(100) NOT NULL DEFAULT ''",
        "ALTER TABLE inspection ADD COLUMN source_result VARCHAR(100) NOT NULL DEFAULT ''",
        "CREATE UNIQUE INDEX inspection_permit_id_source_key ON inspection (permit_id, source_key)",
    ):
        db.execute_sql(statement)
    migrator.migrate(
        *(migrator.drop_not_null("inspection", column) for column in CAME),
        migrator.add_constraint("inspection", "inspection_came_from", CHECK),
    )


def down(migrator, db):
    # Every inspection needs a request then, which these never had.
    if db.execute_sql("SELECT 1 FROM inspection WHERE request_id IS NULL LIMIT 1").fetchone():
        raise RuntimeError("There are inspections that an import brought: their history would be lost.")
    migrator.migrate(
        migrator.drop_constraint("inspection", "inspection_came_from"),
        *(migrator.add_not_null("inspection", column) for column in CAME),
    )
    db.execute_sql("DROP INDEX inspection_permit_id_source_key")
    for column in ("source_result", "source_type", "source_digest", "source_key"):
        db.execute_sql(f"ALTER TABLE inspection DROP COLUMN {column}")
