"""One module a command group; `GROUPS` are all of them."""

from tracker.cli import db, demo, mail, people

GROUPS = (db.group, demo.demo, people.staff, people.contractor, mail.group)
