"""Every table of the field, and a record of changes that can only be added to."""

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE inspection_type (
    id {serial},
    code VARCHAR(20) NOT NULL,
    name VARCHAR(100) NOT NULL,
    name_es VARCHAR(100) NOT NULL,
    trade VARCHAR(20) NOT NULL CHECK (trade IN ('general','building','electrical','plumbing','mechanical','irrigation')),
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    note TEXT NOT NULL,
    note_es TEXT NOT NULL,
    may_repeat {boolean} NOT NULL,
    needs_caller {boolean} NOT NULL,
    is_final {boolean} NOT NULL,
    position INTEGER NOT NULL
);
CREATE UNIQUE INDEX inspection_type_code ON inspection_type (code);

CREATE TABLE prerequisite (
    id {serial},
    inspection_type_id INTEGER NOT NULL,
    needs_id INTEGER NOT NULL,
    by_request {boolean} NOT NULL,
    FOREIGN KEY (inspection_type_id) REFERENCES inspection_type (id) ON DELETE CASCADE,
    FOREIGN KEY (needs_id) REFERENCES inspection_type (id) ON DELETE CASCADE,
    CHECK (inspection_type_id <> needs_id)
);
CREATE INDEX prerequisite_needs_id ON prerequisite (needs_id);
CREATE UNIQUE INDEX prerequisite_inspection_type_id_needs_id ON prerequisite (inspection_type_id, needs_id);

CREATE TABLE correction (
    id {serial},
    inspection_type_id INTEGER NOT NULL,
    text VARCHAR(200) NOT NULL,
    text_es VARCHAR(200) NOT NULL,
    FOREIGN KEY (inspection_type_id) REFERENCES inspection_type (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX correction_inspection_type_id_text ON correction (inspection_type_id, text);

CREATE TABLE permit_type (
    id {serial},
    code VARCHAR(20) NOT NULL,
    name VARCHAR(100) NOT NULL,
    name_es VARCHAR(100) NOT NULL,
    mapped VARCHAR(20) NOT NULL
);
CREATE UNIQUE INDEX permit_type_code ON permit_type (code);

CREATE TABLE permit_type_inspection (
    id {serial},
    permit_type_id INTEGER NOT NULL,
    inspection_type_id INTEGER NOT NULL,
    FOREIGN KEY (permit_type_id) REFERENCES permit_type (id) ON DELETE CASCADE,
    FOREIGN KEY (inspection_type_id) REFERENCES inspection_type (id) ON DELETE CASCADE
);
CREATE INDEX permit_type_inspection_inspection_type_id ON permit_type_inspection (inspection_type_id);
CREATE UNIQUE INDEX permit_type_inspection_permit_type_id_inspection_type_id ON permit_type_inspection (permit_type_id, inspection_type_id);

CREATE TABLE closed_day (
    id {serial},
    day DATE NOT NULL,
    name VARCHAR(100) NOT NULL,
    open {boolean} NOT NULL
);
CREATE UNIQUE INDEX closed_day_day ON closed_day (day);

CREATE TABLE capacity (
    id {serial},
    weekday INTEGER CHECK (weekday BETWEEN 0 AND 6),
    trade VARCHAR(20),
    places INTEGER NOT NULL CHECK (places >= 0)
);

CREATE TABLE day_load (
    id {serial},
    day DATE NOT NULL,
    trade VARCHAR(20) NOT NULL,
    booked INTEGER NOT NULL CHECK (booked >= 0),
    am INTEGER NOT NULL CHECK (am >= 0),
    pm INTEGER NOT NULL CHECK (pm >= 0)
);
CREATE UNIQUE INDEX day_load_day_trade ON day_load (day, trade);

CREATE TABLE contractor (
    id {serial},
    company_name VARCHAR(200) NOT NULL,
    registration_code VARCHAR(40) NOT NULL,
    code_key VARCHAR(40) NOT NULL,
    own_pin_hash VARCHAR(200),
    lic_num VARCHAR(60),
    address VARCHAR(200) NOT NULL,
    city VARCHAR(100) NOT NULL,
    state VARCHAR(20) NOT NULL,
    zip VARCHAR(20) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    email VARCHAR(254) NOT NULL,
    language VARCHAR(5),
    session_token VARCHAR(40) NOT NULL,
    version INTEGER NOT NULL,
    blocked_at {instant},
    merged_into_id INTEGER,
    FOREIGN KEY (merged_into_id) REFERENCES contractor (id)
);
CREATE UNIQUE INDEX contractor_code_key ON contractor (code_key);
CREATE UNIQUE INDEX contractor_lic_num ON contractor (lic_num);
CREATE INDEX contractor_merged_into_id ON contractor (merged_into_id);

CREATE TABLE company_name (
    id {serial},
    contractor_id INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    key VARCHAR(200) NOT NULL,
    stem VARCHAR(200) NOT NULL,
    FOREIGN KEY (contractor_id) REFERENCES contractor (id) ON DELETE CASCADE
);
CREATE INDEX company_name_contractor_id ON company_name (contractor_id);
CREATE UNIQUE INDEX company_name_key ON company_name (key);
CREATE INDEX company_name_stem ON company_name (stem);

CREATE TABLE company_start (
    id {serial},
    key VARCHAR(200) NOT NULL,
    contractor_id INTEGER NOT NULL,
    FOREIGN KEY (contractor_id) REFERENCES contractor (id) ON DELETE CASCADE
);
CREATE INDEX company_start_contractor_id ON company_start (contractor_id);
CREATE UNIQUE INDEX company_start_key_contractor_id ON company_start (key, contractor_id);

CREATE TABLE possible_match (
    id {serial},
    contractor_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    kept_apart_at {instant},
    FOREIGN KEY (contractor_id) REFERENCES contractor (id) ON DELETE CASCADE,
    FOREIGN KEY (other_id) REFERENCES contractor (id) ON DELETE CASCADE,
    CHECK (contractor_id < other_id)
);
CREATE INDEX possible_match_other_id ON possible_match (other_id);
CREATE UNIQUE INDEX possible_match_contractor_id_other_id ON possible_match (contractor_id, other_id);

CREATE TABLE person (
    id {serial},
    contractor_id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(254) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    wants VARCHAR(10) NOT NULL CHECK (wants IN ('all','own','none')),
    FOREIGN KEY (contractor_id) REFERENCES contractor (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX person_contractor_id_email ON person (contractor_id, email);

CREATE TABLE staff (
    id {serial},
    email VARCHAR(254) NOT NULL,
    name VARCHAR(100) NOT NULL,
    role VARCHAR(20) NOT NULL CHECK (role IN ('technician','inspector','supervisor')),
    password_hash VARCHAR(200) NOT NULL,
    session_token VARCHAR(40) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    stops_a_day INTEGER NOT NULL CHECK (stops_a_day >= 0),
    minutes_a_day INTEGER NOT NULL CHECK (minutes_a_day >= 0),
    version INTEGER NOT NULL,
    left_at {instant}
);
CREATE UNIQUE INDEX staff_email ON staff (email);

CREATE TABLE staff_trade (
    id {serial},
    staff_id INTEGER NOT NULL,
    trade VARCHAR(20) NOT NULL,
    FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX staff_trade_staff_id_trade ON staff_trade (staff_id, trade);

CREATE TABLE attempt (
    key VARCHAR(100) NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    since {instant} NOT NULL
);
CREATE INDEX attempt_since ON attempt (since);

CREATE TABLE permit (
    id {serial},
    permit_num VARCHAR(40) NOT NULL,
    permit_type_id INTEGER,
    description TEXT NOT NULL,
    work_class VARCHAR(60) NOT NULL,
    status_current VARCHAR(100) NOT NULL,
    status VARCHAR(30) NOT NULL,
    status_on DATE,
    applied_on DATE,
    issued_on DATE,
    source_expires_on DATE,
    expires_on DATE,
    completed_on DATE,
    original_address1 VARCHAR(200) NOT NULL,
    original_address2 VARCHAR(100) NOT NULL,
    original_city VARCHAR(100) NOT NULL,
    original_state VARCHAR(20) NOT NULL,
    original_zip VARCHAR(20) NOT NULL,
    est_project_cost DECIMAL(14, 2),
    latitude {double},
    longitude {double},
    source_digest VARCHAR(40) NOT NULL,
    corrected VARCHAR(200) NOT NULL,
    FOREIGN KEY (permit_type_id) REFERENCES permit_type (id)
);
CREATE UNIQUE INDEX permit_permit_num ON permit (permit_num);

CREATE TABLE permit_contractor (
    id {serial},
    permit_id INTEGER NOT NULL,
    contractor_id INTEGER NOT NULL,
    trade VARCHAR(20) NOT NULL CHECK (trade IN ('general','building','electrical','plumbing','mechanical','irrigation')),
    origin VARCHAR(10) NOT NULL CHECK (origin IN ('source','hand')),
    FOREIGN KEY (permit_id) REFERENCES permit (id) ON DELETE CASCADE,
    FOREIGN KEY (contractor_id) REFERENCES contractor (id)
);
CREATE UNIQUE INDEX permit_contractor_permit_id_contractor_id_trade ON permit_contractor (permit_id, contractor_id, trade);
CREATE INDEX permit_contractor_contractor_id_permit_id ON permit_contractor (contractor_id, permit_id);

CREATE TABLE not_applicable (
    id {serial},
    permit_id INTEGER NOT NULL,
    inspection_type_id INTEGER NOT NULL,
    FOREIGN KEY (permit_id) REFERENCES permit (id) ON DELETE CASCADE,
    FOREIGN KEY (inspection_type_id) REFERENCES inspection_type (id)
);
CREATE UNIQUE INDEX not_applicable_permit_id_inspection_type_id ON not_applicable (permit_id, inspection_type_id);

CREATE TABLE request (
    id {serial},
    key VARCHAR(64) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    permit_id INTEGER NOT NULL,
    contractor_id INTEGER NOT NULL,
    contact_name VARCHAR(100) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    site_address VARCHAR(200) NOT NULL,
    email VARCHAR(254) NOT NULL,
    language VARCHAR(5) NOT NULL,
    taken_by_id INTEGER,
    requested_at {instant} NOT NULL,
    FOREIGN KEY (permit_id) REFERENCES permit (id),
    FOREIGN KEY (contractor_id) REFERENCES contractor (id),
    FOREIGN KEY (taken_by_id) REFERENCES staff (id)
);
CREATE UNIQUE INDEX request_key ON request (key);
CREATE INDEX request_contractor_id ON request (contractor_id);
CREATE INDEX request_permit_id_contractor_id_id ON request (permit_id, contractor_id, id);

CREATE TABLE inspection (
    id {serial},
    request_id INTEGER NOT NULL,
    permit_id INTEGER NOT NULL,
    contractor_id INTEGER NOT NULL,
    inspection_type_id INTEGER NOT NULL,
    open_type INTEGER,
    status VARCHAR(20) NOT NULL CHECK (status IN ('requested','scheduled','on_the_way','arrived','done','cancelled','declined')),
    day DATE NOT NULL,
    time_frame VARCHAR(5) NOT NULL CHECK (time_frame IN ('any','am','pm')),
    remarks TEXT NOT NULL,
    inspector_id INTEGER,
    stop_order INTEGER NOT NULL,
    scheduled_at {instant},
    on_the_way_at {instant},
    arrived_at {instant},
    closed_at {instant},
    closed_by VARCHAR(200) NOT NULL,
    closed_on DATE,
    result VARCHAR(30),
    comment TEXT NOT NULL,
    staff_comment TEXT NOT NULL,
    corrections TEXT NOT NULL,
    to_repeat {boolean} NOT NULL,
    calendar_sequence INTEGER NOT NULL,
    requested_at {instant} NOT NULL,
    FOREIGN KEY (request_id) REFERENCES request (id),
    FOREIGN KEY (permit_id) REFERENCES permit (id),
    FOREIGN KEY (contractor_id) REFERENCES contractor (id),
    FOREIGN KEY (inspection_type_id) REFERENCES inspection_type (id),
    FOREIGN KEY (inspector_id) REFERENCES staff (id),
    CHECK ((status = 'done') = (result IS NOT NULL))
);
CREATE INDEX inspection_request_id ON inspection (request_id);
CREATE UNIQUE INDEX inspection_permit_id_open_type ON inspection (permit_id, open_type);
CREATE INDEX inspection_contractor_id_status_day ON inspection (contractor_id, status, day);
CREATE INDEX inspection_contractor_id_closed_on ON inspection (contractor_id, closed_on);
CREATE INDEX inspection_status_day ON inspection (status, day);
CREATE INDEX inspection_inspector_id_day_stop_order ON inspection (inspector_id, day, stop_order);
CREATE INDEX inspection_permit_id_inspection_type_id ON inspection (permit_id, inspection_type_id);

CREATE TABLE inspection_result (
    id {serial},
    inspection_id INTEGER NOT NULL,
    result VARCHAR(30) NOT NULL,
    comment TEXT NOT NULL,
    staff_comment TEXT NOT NULL,
    corrections TEXT NOT NULL,
    recorded_by_id INTEGER,
    recorded_at {instant} NOT NULL,
    FOREIGN KEY (inspection_id) REFERENCES inspection (id),
    FOREIGN KEY (recorded_by_id) REFERENCES staff (id)
);
CREATE INDEX inspection_result_inspection_id ON inspection_result (inspection_id);

CREATE TABLE fee (
    id {serial},
    permit_id INTEGER NOT NULL,
    inspection_type_id INTEGER NOT NULL,
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    amount DECIMAL(10, 2) NOT NULL,
    due_at {instant} NOT NULL,
    paid_at {instant},
    waived_at {instant},
    waived_because TEXT NOT NULL,
    FOREIGN KEY (permit_id) REFERENCES permit (id),
    FOREIGN KEY (inspection_type_id) REFERENCES inspection_type (id)
);
CREATE UNIQUE INDEX fee_permit_id_inspection_type_id_attempt ON fee (permit_id, inspection_type_id, attempt);

CREATE TABLE change (
    id {serial},
    at {instant} NOT NULL,
    actor VARCHAR(40) NOT NULL,
    actor_name VARCHAR(200) NOT NULL,
    address VARCHAR(60) NOT NULL,
    verb VARCHAR(40) NOT NULL,
    subject VARCHAR(20) NOT NULL,
    subject_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX change_at ON change (at);
CREATE INDEX change_actor ON change (actor);
CREATE INDEX change_subject_subject_id ON change (subject, subject_id);

CREATE TABLE mail (
    id {serial},
    message_id VARCHAR(64) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    inspection_id INTEGER,
    recipient VARCHAR(254) NOT NULL,
    subject VARCHAR(250) NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    calendar TEXT NOT NULL,
    calendar_method VARCHAR(10) NOT NULL,
    created_at {instant} NOT NULL,
    due_at {instant},
    tries INTEGER NOT NULL,
    sent_at {instant},
    given_up_at {instant},
    last_error TEXT NOT NULL,
    FOREIGN KEY (inspection_id) REFERENCES inspection (id)
);
CREATE UNIQUE INDEX mail_message_id ON mail (message_id);
CREATE INDEX mail_inspection_id ON mail (inspection_id);
CREATE INDEX mail_due_at ON mail (due_at);
"""

APPEND_ONLY = {
    "postgresql": """
CREATE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the record of changes is only ever added to'; END $$;
CREATE TRIGGER change_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON change EXECUTE FUNCTION keep_change();
""",
    "sqlite": """
CREATE TRIGGER change_is_kept BEFORE UPDATE ON change
    BEGIN SELECT RAISE(ABORT, 'the record of changes is only ever added to'); END;
CREATE TRIGGER change_is_not_removed BEFORE DELETE ON change
    BEGIN SELECT RAISE(ABORT, 'the record of changes is only ever added to'); END;
""",
}


def up(migrator, db):
    postgresql = isinstance(db, PostgresqlDatabase)
    words = {
        "serial": "SERIAL NOT NULL PRIMARY KEY" if postgresql else "INTEGER NOT NULL PRIMARY KEY",
        "instant": "TIMESTAMP" if postgresql else "DATETIME",
        "boolean": "BOOLEAN" if postgresql else "INTEGER",
        "double": "DOUBLE PRECISION" if postgresql else "REAL",
    }
    for statement in TABLES.format(**words).split(";"):
        if statement.strip():
            db.execute_sql(statement)
    for statement in APPEND_ONLY["postgresql" if postgresql else "sqlite"].split(";\nC"):
        if statement.strip():
            db.execute_sql(statement if statement.lstrip().startswith("C") else "C" + statement)
    if postgresql:
        # Names are looked up by their beginning, which only the byte order serves from an index.
        for table, column, most in (
            ("company_start", "key", 200),
            ("company_name", "key", 200),
            ("permit", "permit_num", 40),
        ):
            db.execute_sql(f'ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE VARCHAR({most}) COLLATE "C"')


def down(migrator, db):
    for line in reversed(TABLES.splitlines()):
        if line.startswith("CREATE TABLE"):
            db.execute_sql(f"DROP TABLE {line.split()[2]}" + (" CASCADE" if isinstance(db, PostgresqlDatabase) else ""))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("DROP FUNCTION keep_change")
