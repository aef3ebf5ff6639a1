"""The queue, found without looking through all that ever was asked for."""


def up(migrator, db):
    db.execute_sql(
        "CREATE INDEX inspection_open ON inspection (day, requested_at, id, inspector_id, status)"
        " WHERE (status || '') IN ('requested', 'scheduled', 'on_the_way', 'arrived')"
    )


def down(migrator, db):
    db.execute_sql("DROP INDEX inspection_open")
