"""One limit for a weekday and a trade, also where one of them is every or all: the row that was first stays."""

FIRST = "SELECT min(id) FROM capacity GROUP BY coalesce(weekday, -1), coalesce(trade, '')"


def up(migrator, db):
    db.execute_sql(f"DELETE FROM capacity WHERE id NOT IN ({FIRST})")
    db.execute_sql(
        "CREATE UNIQUE INDEX capacity_weekday_trade ON capacity (coalesce(weekday, -1), coalesce(trade, ''))"
    )


def down(migrator, db):
    db.execute_sql("DROP INDEX capacity_weekday_trade")
