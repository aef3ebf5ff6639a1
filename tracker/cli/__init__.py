"""One module a command group; `GROUPS` are all of them."""

from tracker.cli import backups, db, demo, exports, imports, mail, people, reports

GROUPS = (
    *(db.group, demo.demo, imports.imports, exports.exports, people.staff, people.contractor, mail.group),
    *(reports.reports, backups.backup, backups.restore),
)
