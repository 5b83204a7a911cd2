-- The shop's own tables. They live in one schema with event_queue, so a step and its event commit together.

CREATE TABLE orders (
    -- The order's id is the id of its order.placed event: whoever inserts the event knows the order.
    id         uuid        PRIMARY KEY,
    number     bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    customer   text        NOT NULL,
    item       text        NOT NULL,
    quantity   integer     NOT NULL CHECK (quantity > 0),
    source     text        NOT NULL CHECK (source IN ('http', 'sql')),
    status     text        NOT NULL CHECK (status IN ('placed', 'reserved', 'paid', 'shipped', 'failed')),
    note       text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row for each effect. There is no unique constraint on purpose: an effect that happened twice would show.
CREATE TABLE order_step (
    order_id uuid        NOT NULL REFERENCES orders,
    step     text        NOT NULL CHECK (step IN ('reserved', 'paid', 'shipped')),
    attempt  integer     NOT NULL,
    -- Which instance of the shop did it.
    instance text        NOT NULL DEFAULT current_setting('application_name'),
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX order_step_order ON order_step (order_id);

-- Items of which there are only so many. Everything else is made to order.
CREATE TABLE stock (
    item      text    PRIMARY KEY,
    available integer NOT NULL CHECK (available >= 0)
);
INSERT INTO stock (item, available) VALUES ('signed print', 25);

CREATE TABLE item_statistics (
    item   text   PRIMARY KEY,
    orders bigint NOT NULL,
    pieces bigint NOT NULL
);

-- One row: the switch on the page, seen by every instance.
CREATE TABLE payment_provider (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    up       boolean NOT NULL
);
INSERT INTO payment_provider (up) VALUES (true);
