"""A count of the changes that any page may show, so that what was rendered once is known to be true still."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    serial = "SERIAL" if isinstance(db, PostgresqlDatabase) else "INTEGER"
    db.execute_sql(f"CREATE TABLE edition (id {serial} NOT NULL PRIMARY KEY, number INTEGER NOT NULL)")
    db.execute_sql("INSERT INTO edition (number) VALUES (1)")


def down(migrator, db):
    db.execute_sql("DROP TABLE edition")
