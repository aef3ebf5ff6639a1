"""Permits found by how their number or their address begins, however many there are."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    # By letters alone: in a language's own order what begins alike does not stand together.
    order = ' COLLATE "C"' if isinstance(db, PostgresqlDatabase) else ""
    for column in ("permit_num", "original_address1"):
        db.execute_sql(f"CREATE INDEX permit_{column}_lower ON permit (lower({column}){order})")


def down(migrator, db):
    for column in ("permit_num", "original_address1"):
        db.execute_sql(f"DROP INDEX permit_{column}_lower")
