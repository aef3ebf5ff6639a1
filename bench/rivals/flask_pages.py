"""What a page is measured against on the same server: the least Flask answer, the same HTML kept in memory, and the
same statements sent to sqlite3 by hand.

`KEPT` names the file with the HTML, `STATEMENTS` one with [statement, values] as JSON, `CITY` the SQLite database; the
first page needs none of them.
"""

import gzip
import json
import os
import sqlite3
import threading
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__)
html = Path(os.environ.get("KEPT", os.devnull)).read_bytes()
statements = json.loads(Path(os.environ.get("STATEMENTS", os.devnull)).read_text() or "[]")
kept = threading.local()


@app.get("/healthz")
@app.get("/bare")
def bare() -> str:
    return "Hello"


@app.get("/kept")
def same_html() -> Response:
    answer = Response(gzip.compress(html, 6, mtime=0), mimetype="text/html")
    answer.headers["Content-Encoding"] = "gzip"
    return answer


@app.get("/reads")
def same_reads() -> str:
    if not hasattr(kept, "connection"):
        kept.connection = sqlite3.connect(os.environ["CITY"])
    return str(sum(len(kept.connection.execute(*statement).fetchall()) for statement in statements))
