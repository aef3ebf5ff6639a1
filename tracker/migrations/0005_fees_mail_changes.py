"""A receipt for a fee, mail that is sent once more, and a record of changes that is read by who, what and when."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    instant = "TIMESTAMP" if isinstance(db, PostgresqlDatabase) else "DATETIME"
    for statement in (
        "ALTER TABLE fee ADD COLUMN receipt VARCHAR(60) NOT NULL DEFAULT ''",
        f"ALTER TABLE mail ADD COLUMN again_at {instant}",
        "CREATE INDEX mail_given_up_at ON mail (given_up_at)",
        "DROP INDEX change_actor",
        "CREATE INDEX change_actor_at ON change (actor, at)",
        "CREATE INDEX change_verb_at ON change (verb, at)",
        "CREATE INDEX change_subject_at ON change (subject, at)",
    ):
        db.execute_sql(statement)


def down(migrator, db):
    for statement in (
        "DROP INDEX change_subject_at",
        "DROP INDEX change_verb_at",
        "DROP INDEX change_actor_at",
        "CREATE INDEX change_actor ON change (actor)",
        "DROP INDEX mail_given_up_at",
        "ALTER TABLE mail DROP COLUMN again_at",
        "ALTER TABLE fee DROP COLUMN receipt",
    ):
        db.execute_sql(statement)
