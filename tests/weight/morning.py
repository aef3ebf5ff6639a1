"""The site on the Tuesday morning of the tests, for a real server to load in place of `wsgi:app`.

Each answer says in X-Queries how many statements it sent to the database; bounds of transactions are none.
"""

import logging
import threading
from typing import Any

from tests.cast import NOW
from tracker import clock, create_app

BOUNDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
sent = threading.local()


class Statements(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        sql = record.msg[0] if isinstance(record.msg, tuple) else ""  # the pool's words are no statement
        if sql and not sql.upper().startswith(BOUNDS):
            sent.count = getattr(sent, "count", 0) + 1


def counted(wsgi: Any) -> Any:
    def answer(asked: dict[str, Any], start: Any) -> Any:
        sent.count = 0

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("X-Queries", str(sent.count))], *more)

        return wsgi(asked, begin)

    return answer


log = logging.getLogger("peewee")
log.addHandler(Statements())
log.setLevel(logging.DEBUG)
log.propagate = False
clock.now = lambda: NOW
app = create_app()
app.wsgi_app = counted(app.wsgi_app)  # type: ignore[method-assign]
