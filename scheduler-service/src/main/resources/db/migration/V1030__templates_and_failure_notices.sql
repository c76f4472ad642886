-- Named texts with placeholders. A name that is retired keeps its versions, and can come back with the next one.
CREATE TABLE template (
    id         uuid        PRIMARY KEY,
    tenant     text        NOT NULL,
    name       text        NOT NULL,
    -- The version that the name alone stands for.
    latest     integer     NOT NULL,
    retired_at timestamptz,
    UNIQUE (tenant, name)
);
CREATE INDEX template_of_tenant ON template (tenant, id);

-- What a template says; a row never changes.
CREATE TABLE template_version (
    template_id uuid        NOT NULL REFERENCES template,
    version     integer     NOT NULL,
    subject     text,
    text        text,
    html        text,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (template_id, version)
);

-- The ends of messages that their onFailure has been told of: the key by which no end is told twice, whatever is repeated.
CREATE TABLE failure_notice (
    message_id       uuid        NOT NULL,
    generation       integer     NOT NULL,
    -- The delivery's version at that end; a message that is redriven and fails again ends at a higher one.
    delivery_version bigint      NOT NULL,
    notice_id        uuid        NOT NULL,
    told_at          timestamptz NOT NULL,
    PRIMARY KEY (message_id, generation, delivery_version)
);
CREATE INDEX failure_notice_told ON failure_notice (told_at);
