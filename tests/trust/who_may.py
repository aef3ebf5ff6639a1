"""Who may use which route: the one table, held against every route of the site.

everybody    also a visitor
company      any company that is signed in, about itself
its company  the company whose permit, inspection or person it is; for any other it is not there
staff        technicians, inspectors and supervisors
desk         technicians and supervisors
field        inspectors and supervisors
supervisor
"""

TABLE = """
everybody    GET  /
everybody    POST /
everybody    GET  /companies
everybody    GET  /how-to
everybody    POST /language
everybody    GET  /offline
everybody    GET  /offline/token
everybody    GET  /sw.js
everybody    GET  /healthz
everybody    GET  /readyz
everybody    GET  /metrics
everybody    GET  /staff
everybody    POST /staff

company      GET  /dashboard
company      GET  /dashboard/inspections
company      GET  /dashboard/permits
company      GET  /dashboard/permits/more
its company  GET  /permits/<number>
its company  GET  /permits/<number>/print
its company  GET  /permits/<number>/request
its company  POST /permits/<number>/request
its company  POST /permits/<number>/request/about
its company  POST /permits/<number>/request/check/<field>
its company  GET  /inspections/<id>/cancel
its company  POST /inspections/<id>/cancel
its company  GET  /inspections/<id>/move
its company  POST /inspections/<id>/move
company      GET  /profile
company      GET  /profile/company
company      POST /profile/company
company      POST /profile/language
company      GET  /profile/pin
company      POST /profile/pin
company      POST /profile/sign-out-everywhere
company      GET  /profile/people/new
company      POST /profile/people/new
its company  GET  /profile/people/<person>
its company  POST /profile/people/<person>
its company  POST /profile/people/<person>/remove
company      POST /sign-out

staff        GET  /staff/home
staff        GET  /staff/me
staff        POST /staff/me/password
staff        POST /staff/me/sign-out
staff        POST /staff/sign-out
staff        GET  /staff/queue
staff        GET  /staff/queue/rows
desk         POST /staff/queue
desk         GET  /staff/queue/plan
desk         POST /staff/queue/plan
staff        GET  /staff/permits/<number>
staff        GET  /staff/inspections/<id>
staff        GET  /staff/day
staff        GET  /staff/day/<day>
staff        GET  /staff/day/<day>/stops
field        POST /staff/day/<day>
staff        GET  /staff/stops/<id>/result
staff        POST /staff/stops/<id>/result

desk         GET  /staff/phone
desk         GET  /staff/phone/found
desk         GET  /staff/inspections/<id>/cancel
desk         POST /staff/inspections/<id>/cancel
desk         GET  /staff/inspections/<id>/move
desk         POST /staff/inspections/<id>/move
desk         GET  /staff/permits/new
desk         POST /staff/permits/new
desk         GET  /staff/permits/<number>/correct
desk         POST /staff/permits/<number>/correct
desk         GET  /staff/permits/<number>/contractors
desk         POST /staff/permits/<number>/contractors
desk         GET  /staff/permits/<number>/not-applicable
desk         POST /staff/permits/<number>/not-applicable
desk         GET  /staff/permits/<number>/request
desk         POST /staff/permits/<number>/request
desk         POST /staff/permits/<number>/request/about
desk         GET  /staff/contractors/<id>
desk         POST /staff/contractors/<id>/code
desk         GET  /staff/contractors/new
desk         POST /staff/contractors/new
desk         GET  /staff/fees
desk         GET  /staff/fees/<id>
desk         POST /staff/fees/<id>/paid
desk         GET  /staff/mail
desk         GET  /staff/mail/<id>

supervisor   GET  /staff/city
supervisor   GET  /staff/capacity
supervisor   POST /staff/capacity
supervisor   POST /staff/capacity/effect
supervisor   GET  /staff/days-off
supervisor   GET  /staff/days-off/close
supervisor   POST /staff/days-off/close
supervisor   POST /staff/days-off/open
supervisor   GET  /staff/inspection-types
supervisor   GET  /staff/inspection-types/new
supervisor   POST /staff/inspection-types/new
supervisor   GET  /staff/inspection-types/<code>
supervisor   POST /staff/inspection-types/<code>
supervisor   POST /staff/inspection-types/<code>/off
supervisor   POST /staff/inspection-types/<code>/remove
supervisor   GET  /staff/permit-types
supervisor   GET  /staff/permit-types/new
supervisor   POST /staff/permit-types/new
supervisor   GET  /staff/permit-types/<code>
supervisor   POST /staff/permit-types/<code>
supervisor   POST /staff/permit-types/<code>/remove
supervisor   GET  /staff/people
supervisor   GET  /staff/people/new
supervisor   POST /staff/people/new
supervisor   GET  /staff/people/<id>
supervisor   POST /staff/people/<id>
supervisor   POST /staff/people/<id>/back
supervisor   POST /staff/people/<id>/leave
supervisor   POST /staff/people/<id>/password
supervisor   POST /staff/people/<id>/sign-out
supervisor   POST /staff/contractors/<id>/access
supervisor   GET  /staff/contractors/<id>/merge
supervisor   POST /staff/contractors/<id>/merge
supervisor   GET  /staff/spellings
supervisor   POST /staff/spellings/<id>/apart
supervisor   POST /staff/fees/<id>/undo
supervisor   POST /staff/fees/<id>/waive
supervisor   POST /staff/mail/<id>/again
supervisor   POST /staff/mail/again
supervisor   GET  /staff/changes
supervisor   GET  /staff/changes.csv
supervisor   GET  /staff/reports
supervisor   GET  /staff/reports/<table>
supervisor   GET  /staff/reports/<table>.csv
"""
# "GET /permits/<number>" → "its company"
WHO_MAY = {
    " ".join(line[13:].split()): line[:13].strip() for line in TABLE.strip().splitlines() if line.strip()
}  # fmt: skip
AUDIENCES = {
    "everybody": "public",
    "company": "contractor",
    "its company": "contractor",
    "staff": "staff:",
    "desk": "staff:technician,supervisor",
    "field": "staff:inspector,supervisor",
    "supervisor": "staff:supervisor",
}
ROLES = {
    "staff": ("technician", "inspector", "supervisor"),
    "desk": ("technician", "supervisor"),
    "field": ("inspector", "supervisor"),
    "supervisor": ("supervisor",),
}
# Without these in the address there is no such page, also for who may: by its line in the table.
ASKED = {
    "GET /staff/days-off/close": "?day={days-off/day}",
    "GET /staff/permits/<number>/request": "?company={contractors/id}",
    "POST /staff/permits/<number>/request": "?company={contractors/id}",
    "POST /staff/permits/<number>/request/about": "?company={contractors/id}",
    "GET /companies": "?company=Lo",
}
# What a form has to hold so that its page knows what is asked of it.
SENT = {
    "POST /staff/day/<day>": {"action": "suggest"},
    "POST /staff/queue": {"action": "assign"},
    "POST /staff/permits/<number>/contractors": {"action": "put_on"},
    "POST /staff/contractors/<id>/access": {"action": "sign_out"},
    "POST /staff/contractors/<id>/merge": {"other": "{twin}", "keep": "{twin}"},
}
