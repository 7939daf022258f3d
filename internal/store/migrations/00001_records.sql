-- +goose Up

-- Types that SQLite and PostgreSQL share: TEXT, BIGINT, BOOLEAN, BYTEA. Amounts are decimal text, instants microseconds
-- since 1970 (0: none), days YYYY-MM-DD ('': none), bodies JSON. There is no NULL.

CREATE TABLE meta (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT meta_pk PRIMARY KEY (name)
);

CREATE TABLE assets (
    sha256 TEXT NOT NULL,
    body   BYTEA NOT NULL,
    CONSTRAINT assets_pk PRIMARY KEY (sha256)
);

CREATE TABLE customers (
    id         TEXT NOT NULL,
    tenant_key TEXT NOT NULL,
    sort_name  TEXT NOT NULL,
    origin     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    body       TEXT NOT NULL,
    CONSTRAINT customers_pk PRIMARY KEY (id),
    CONSTRAINT customers_version_from_1 CHECK (version > 0)
);
CREATE UNIQUE INDEX customers_tenant_unique ON customers (tenant_key) WHERE tenant_key <> '';
CREATE INDEX customers_by_name ON customers (sort_name, id);

CREATE TABLE resellers (
    mpn     TEXT NOT NULL,
    billed  BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    CONSTRAINT resellers_pk PRIMARY KEY (mpn),
    CONSTRAINT resellers_version_from_1 CHECK (version > 0)
);

CREATE TABLE sellers (
    version BIGINT NOT NULL,
    set_at  BIGINT NOT NULL,
    body    TEXT NOT NULL,
    CONSTRAINT sellers_pk PRIMARY KEY (version),
    CONSTRAINT sellers_version_from_1 CHECK (version > 0)
);

CREATE TABLE price_rules (
    id         TEXT NOT NULL,
    version    BIGINT NOT NULL,
    sequence   BIGINT NOT NULL,
    added_at   BIGINT NOT NULL,
    removed_at BIGINT NOT NULL,
    body       TEXT NOT NULL,
    CONSTRAINT price_rules_pk PRIMARY KEY (id, version),
    CONSTRAINT price_rules_version_from_1 CHECK (version > 0)
);
CREATE UNIQUE INDEX price_rules_one_in_force ON price_rules (id) WHERE removed_at = 0;
CREATE INDEX price_rules_in_order ON price_rules (sequence, id, version);

CREATE TABLE services (
    id          TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    starts_on   TEXT NOT NULL,
    ends_on     TEXT NOT NULL,
    version     BIGINT NOT NULL,
    body        TEXT NOT NULL,
    CONSTRAINT services_pk PRIMARY KEY (id),
    CONSTRAINT services_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT services_version_from_1 CHECK (version > 0)
);
CREATE INDEX services_by_customer ON services (customer_id, id);

CREATE TABLE runs (
    id          TEXT NOT NULL,
    period      TEXT NOT NULL,
    estimate    BOOLEAN NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    findings    BIGINT NOT NULL,
    inputs      BYTEA NOT NULL,
    rules       BYTEA NOT NULL,
    parties     BYTEA NOT NULL,
    charges     BYTEA NOT NULL,
    totals      BYTEA NOT NULL,
    result      BYTEA NOT NULL,
    manifest    BYTEA NOT NULL,
    signature   BYTEA NOT NULL,
    CONSTRAINT runs_pk PRIMARY KEY (id)
);

-- The run that counts for a period. Its row is also the lock for which a run and an issue of the period wait in line.
-- stale: a run of an earlier period took away a balance that this one had carried forward.
CREATE TABLE period_runs (
    period TEXT NOT NULL,
    run_id TEXT NOT NULL,
    stale  BOOLEAN NOT NULL,
    CONSTRAINT period_runs_pk PRIMARY KEY (period),
    CONSTRAINT period_runs_run_fk FOREIGN KEY (run_id) REFERENCES runs (id)
);

-- by_hand: a credit note that a person asked for; a later run replaces the drafts of runs only.
CREATE TABLE invoices (
    id          TEXT NOT NULL,
    number      TEXT NOT NULL,
    type        TEXT NOT NULL,
    state       TEXT NOT NULL,
    period      TEXT NOT NULL,
    run_id      TEXT NOT NULL,
    estimate    BOOLEAN NOT NULL,
    by_hand     BOOLEAN NOT NULL,
    customer_id TEXT NOT NULL,
    tenant_id   TEXT NOT NULL,
    buyer_name  TEXT NOT NULL,
    sort_name   TEXT NOT NULL,
    currency    TEXT NOT NULL,
    net         TEXT NOT NULL,
    tax         TEXT NOT NULL,
    gross       TEXT NOT NULL,
    paid        TEXT NOT NULL,
    issued_on   TEXT NOT NULL,
    due_on      TEXT NOT NULL,
    corrects    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    issued_at   BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    logo_sha256 TEXT NOT NULL,
    body        TEXT NOT NULL,
    CONSTRAINT invoices_pk PRIMARY KEY (id),
    CONSTRAINT invoices_run_fk FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT invoices_type_known CHECK (type IN ('invoice', 'credit-note')),
    CONSTRAINT invoices_state_known CHECK (state IN ('draft', 'validated', 'approved', 'issued', 'paid', 'void')),
    CONSTRAINT invoices_number_with_issue CHECK ((number <> '') = (state IN ('issued', 'paid')))
);
CREATE UNIQUE INDEX invoices_number_unique ON invoices (number) WHERE number <> '';
CREATE INDEX invoices_listing ON invoices (period, sort_name, id);
CREATE INDEX invoices_by_customer ON invoices (customer_id, period, id);
CREATE INDEX invoices_correcting ON invoices (corrects) WHERE corrects <> '';

-- The lines of a document in order, some hundred in a row: a JSON array. One row a line would be most of a run's time.
CREATE TABLE invoice_lines (
    invoice_id TEXT NOT NULL,
    part       BIGINT NOT NULL,
    body       TEXT NOT NULL,
    CONSTRAINT invoice_lines_pk PRIMARY KEY (invoice_id, part),
    CONSTRAINT invoice_lines_invoice_fk FOREIGN KEY (invoice_id) REFERENCES invoices (id) ON DELETE CASCADE
);

-- The earlier periods that a document holds correction lines of.
CREATE TABLE invoice_corrections (
    invoice_id TEXT NOT NULL,
    period     TEXT NOT NULL,
    CONSTRAINT invoice_corrections_pk PRIMARY KEY (invoice_id, period),
    CONSTRAINT invoice_corrections_invoice_fk FOREIGN KEY (invoice_id) REFERENCES invoices (id) ON DELETE CASCADE
);
CREATE INDEX invoice_corrections_by_period ON invoice_corrections (period, invoice_id);

CREATE TABLE invoice_events (
    invoice_id TEXT NOT NULL,
    n          BIGINT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    at         BIGINT NOT NULL,
    who        TEXT NOT NULL,
    reason     TEXT NOT NULL,
    CONSTRAINT invoice_events_pk PRIMARY KEY (invoice_id, n),
    CONSTRAINT invoice_events_invoice_fk FOREIGN KEY (invoice_id) REFERENCES invoices (id) ON DELETE CASCADE
);

CREATE TABLE renderings (
    invoice_id  TEXT NOT NULL,
    format      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    bytes       BIGINT NOT NULL,
    rendered_at BIGINT NOT NULL,
    CONSTRAINT renderings_pk PRIMARY KEY (invoice_id, format),
    CONSTRAINT renderings_invoice_fk FOREIGN KEY (invoice_id) REFERENCES invoices (id) ON DELETE CASCADE
);

CREATE TABLE payments (
    id          TEXT NOT NULL,
    invoice_id  TEXT NOT NULL,
    number      TEXT NOT NULL,
    paid_on     TEXT NOT NULL,
    amount      TEXT NOT NULL,
    currency    TEXT NOT NULL,
    reference   TEXT NOT NULL,
    who         TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    CONSTRAINT payments_pk PRIMARY KEY (id),
    CONSTRAINT payments_invoice_fk FOREIGN KEY (invoice_id) REFERENCES invoices (id)
);
CREATE INDEX payments_by_invoice ON payments (invoice_id, paid_on, id);

CREATE TABLE number_counters (
    series TEXT NOT NULL,
    scope  TEXT NOT NULL,
    last   BIGINT NOT NULL,
    CONSTRAINT number_counters_pk PRIMARY KEY (series, scope)
);

-- Negative totals that were carried forward. used_run says which run billed the balance; used_invoice by which document,
-- '' when the total was negative again and the balance became part of that run's own.
CREATE TABLE balances (
    run_id       TEXT NOT NULL,
    customer_id  TEXT NOT NULL,
    currency     TEXT NOT NULL,
    period       TEXT NOT NULL,
    used_run     TEXT NOT NULL,
    used_invoice TEXT NOT NULL,
    body         TEXT NOT NULL,
    CONSTRAINT balances_pk PRIMARY KEY (run_id, customer_id, currency),
    CONSTRAINT balances_run_fk FOREIGN KEY (run_id) REFERENCES runs (id)
);
CREATE INDEX balances_by_period ON balances (period, customer_id, currency);
CREATE INDEX balances_by_run_of_use ON balances (used_run);
CREATE INDEX balances_by_invoice_of_use ON balances (used_invoice);

CREATE TABLE data_sets (
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    lake_table  TEXT NOT NULL,
    hash        TEXT NOT NULL,
    row_count   BIGINT NOT NULL,
    period      TEXT NOT NULL,
    snapshot_id BIGINT NOT NULL,
    import_id   TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    in_force    BOOLEAN NOT NULL,
    body        TEXT NOT NULL,
    CONSTRAINT data_sets_pk PRIMARY KEY (name, version),
    CONSTRAINT data_sets_version_from_1 CHECK (version > 0)
);
CREATE UNIQUE INDEX data_sets_one_in_force ON data_sets (name) WHERE in_force;

CREATE TABLE intents (
    id      TEXT NOT NULL,
    kind    TEXT NOT NULL,
    state   TEXT NOT NULL,
    at      BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    CONSTRAINT intents_pk PRIMARY KEY (id),
    CONSTRAINT intents_state_known CHECK (state IN ('staging', 'committing', 'done'))
);
CREATE INDEX intents_open ON intents (at, id) WHERE state <> 'done';

CREATE TABLE waivers (
    finding TEXT NOT NULL,
    amount  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    who     TEXT NOT NULL,
    at      BIGINT NOT NULL,
    CONSTRAINT waivers_pk PRIMARY KEY (finding)
);
