"""How much of all that ever was asked for is open, told to PostgreSQL: it took it for two of a hundred.

So it read a city's permits from first to last to find those of a few thousand inspections. SQLite does not ask.
"""

from peewee import PostgresqlDatabase


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("CREATE STATISTICS inspection_open_share ON (status || '') FROM inspection")
        db.execute_sql("ANALYZE inspection")


def down(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("DROP STATISTICS inspection_open_share")
