-- What Spring Integration documents for its push channel: each message that is stored notifies its group's subscribers.
CREATE OR REPLACE FUNCTION int_channel_message_notify_fct() RETURNS trigger AS
$$
BEGIN
    PERFORM pg_notify('int_channel_message_notify', NEW.region || ' ' || NEW.group_key);
    RETURN NEW;
END
$$
LANGUAGE plpgsql;

CREATE OR REPLACE TRIGGER int_channel_message_notify_trg
    AFTER INSERT ON int_channel_message
    FOR EACH ROW EXECUTE FUNCTION int_channel_message_notify_fct();
