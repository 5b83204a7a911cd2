-- One change after the other, beside publishers.
LOCK TABLE ${schema}.event_subscription IN SHARE ROW EXCLUSIVE MODE
