"""Who is signed in, in which browser: a session ends on the server, and a browser never seen before is told of.

Sessions from before it have no row: everybody signs in once more.
"""

from peewee import PostgresqlDatabase


def up(migrator, db):
    postgresql = isinstance(db, PostgresqlDatabase)
    serial, instant = ("SERIAL", "TIMESTAMP") if postgresql else ("INTEGER", "DATETIME")
    for statement in (
        f"""CREATE TABLE sign_in (
            id {serial} NOT NULL PRIMARY KEY,
            contractor_id INTEGER,
            staff_id INTEGER,
            device VARCHAR(32) NOT NULL,
            session VARCHAR(32),
            token VARCHAR(40) NOT NULL,
            at {instant} NOT NULL,
            FOREIGN KEY (contractor_id) REFERENCES contractor (id) ON DELETE CASCADE,
            FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE CASCADE,
            CHECK ((contractor_id IS NULL) <> (staff_id IS NULL))
        )""",
        "CREATE UNIQUE INDEX sign_in_session ON sign_in (session)",
        "CREATE INDEX sign_in_contractor_id_device ON sign_in (contractor_id, device)",
        "CREATE INDEX sign_in_staff_id_device ON sign_in (staff_id, device)",
    ):
        db.execute_sql(statement)


def down(migrator, db):
    db.execute_sql("DROP TABLE sign_in")
