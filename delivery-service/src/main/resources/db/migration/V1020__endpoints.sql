-- Registered webhook addresses. One that was deleted stays as a row, so that what is still sent to it ends by name. failures counts failed attempts
-- since the last that was delivered, and failing_since is when the first of them ended.
CREATE TABLE endpoint (
    id               uuid        PRIMARY KEY,
    tenant           text        NOT NULL,
    url              text        NOT NULL,
    description      text,
    receives         text        NOT NULL CHECK (receives IN ('messages', 'outcomes')),
    status           text        NOT NULL CHECK (status IN ('enabled', 'disabled', 'deleted')),
    disabled_because text        CHECK (disabled_because IN ('requested', 'gone', 'failing')),
    disabled_at      timestamptz,
    revision         integer     NOT NULL,
    version          bigint      NOT NULL,
    failures         integer     NOT NULL DEFAULT 0,
    failing_since    timestamptz,
    created_at       timestamptz NOT NULL
);
CREATE INDEX endpoint_of_tenant ON endpoint (tenant, id) WHERE status <> 'deleted';
CREATE UNIQUE INDEX endpoint_of_outcomes ON endpoint (tenant) WHERE receives = 'outcomes' AND status <> 'deleted';

-- What an endpoint's webhooks are signed with: AES-256-GCM, the nonce before the ciphertext; key_id says by which key of the settings. The one that does
-- not expire is the current one; the others sign beside it until they expire.
CREATE TABLE endpoint_secret (
    id          uuid        PRIMARY KEY,
    endpoint_id uuid        NOT NULL REFERENCES endpoint (id),
    key_id      text        NOT NULL,
    ciphertext  bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz
);
CREATE INDEX endpoint_secret_of_endpoint ON endpoint_secret (endpoint_id, created_at);
CREATE UNIQUE INDEX endpoint_secret_current ON endpoint_secret (endpoint_id) WHERE expires_at IS NULL;

-- Those that wait for a disabled endpoint, in the order in which they are let go.
CREATE INDEX delivery_held ON delivery ((destination::jsonb ->> 'endpointId'), id) WHERE status = 'held';
