-- Which updates of a bot were taken: a row each, since they come in any order, and more than once. Kept longer than Telegram sends an update again.
CREATE TABLE telegram_update (
    -- Telegram's own id of the bot.
    bot         bigint      NOT NULL,
    update_id   bigint      NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (bot, update_id)
);
CREATE INDEX update_by_age ON telegram_update (received_at);

-- A chat, with where its conversation is. Its timer of the kind "telegram" is when what is to be said in it is sent.
CREATE TABLE telegram_chat (
    id            uuid        PRIMARY KEY,
    bot           bigint      NOT NULL,
    tenant        text        NOT NULL,
    chat          text        NOT NULL,
    token         text        NOT NULL,
    turn          integer     NOT NULL,
    step          text        NOT NULL,
    resource_id   uuid,
    day           date,
    slot_id       uuid,
    name          text,
    booking_id    uuid,
    expires_at    timestamptz NOT NULL,
    -- Until when a node is sending what is to be said; nobody else does before.
    sending_until timestamptz,
    CONSTRAINT chat_is_unique UNIQUE (bot, tenant, chat)
);
CREATE INDEX chat_by_end ON telegram_chat (expires_at);
CREATE INDEX chat_of_customer ON telegram_chat (tenant, chat);

-- What is to be said, a call of the Bot API each, in its order; gone once it is said.
CREATE TABLE telegram_answer (
    seq        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chat_id    uuid        NOT NULL REFERENCES telegram_chat (id) ON DELETE CASCADE,
    method     text        NOT NULL,
    body       text        NOT NULL,
    tries      integer     NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL
);
CREATE INDEX answer_of_chat ON telegram_answer (chat_id, seq);

CREATE INDEX booking_of_chat ON booking (tenant, customer_chat_id) WHERE customer_chat_id IS NOT NULL;
