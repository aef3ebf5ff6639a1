"""Permits found by the day they expire, and which company was told of it when."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    serial = "SERIAL" if isinstance(db, PostgresqlDatabase) else "INTEGER"
    for statement in (
        "CREATE INDEX permit_expires_on ON permit (expires_on)",
        f"""CREATE TABLE expiry_notice (
            id {serial} NOT NULL PRIMARY KEY,
            permit_id INTEGER NOT NULL,
            contractor_id INTEGER NOT NULL,
            expires_on DATE NOT NULL,
            days INTEGER NOT NULL CHECK (days IN (30, 7, 0)),
            FOREIGN KEY (permit_id) REFERENCES permit (id) ON DELETE CASCADE,
            FOREIGN KEY (contractor_id) REFERENCES contractor (id) ON DELETE CASCADE
        )""",
        "CREATE INDEX expiry_notice_contractor_id ON expiry_notice (contractor_id)",
        "CREATE UNIQUE INDEX expiry_notice_permit_id_contractor_id_expires_on_days"
        " ON expiry_notice (permit_id, contractor_id, expires_on, days)",
    ):
        db.execute_sql(statement)


def down(migrator, db):
    db.execute_sql("DROP TABLE expiry_notice")
    db.execute_sql("DROP INDEX permit_expires_on")
