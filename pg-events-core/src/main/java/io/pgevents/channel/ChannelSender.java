package io.pgevents.channel;

import io.pgevents.InvalidEventException;
import io.pgevents.codec.EventCodec;
import io.pgevents.jdbc.CommittedJdbc;
import io.pgevents.jdbc.CommittedWrites;
import io.pgevents.jdbc.SqlStatements;
import io.pgevents.schema.EventSchema;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Sends raw notifications. Thread-safe.
 *
 * <p><b>Transaction.</b> A notification is part of the caller's transaction: everybody who listens gets it exactly at the
 * commit, and nobody after a rollback. Without a transaction it is sent at once; so is what a callback sends that is told
 * of the end of one. The server folds equal notifications of one transaction into one.
 *
 * <p><b>Cost.</b> NOTIFY holds a lock of the whole server while the transaction commits, so transactions that notify
 * commit one after the other. Some hundred a second are fine; what is sent more often is for events, of which consumers
 * are told without it.
 *
 * <p><b>Errors.</b> What cannot be sent is refused with an {@link InvalidEventException} before the transaction is
 * touched.
 */
public final class ChannelSender {

    private static final int MAX_PAYLOAD_BYTES = 7_999;

    private final JdbcTemplate jdbc;
    private final EventCodec codec;
    private final String notify;
    private final CommittedWrites<List<String>> writes;

    public ChannelSender(DataSource dataSource, EventSchema schema, EventCodec codec) {
        this.jdbc = CommittedJdbc.joining(dataSource);
        this.codec = codec;
        this.writes = new CommittedWrites<>(jdbc, List::of, sent -> {});
        this.notify = new SqlStatements(schema).get("channel/notify");
    }

    /**
     * Sends a text as it is.
     *
     * @param channel the exact name, at most 63 bytes; {@code pg_events_} is reserved
     * @param payload at most 7,999 bytes in UTF-8; may be empty
     * @throws InvalidEventException if the channel or the payload is not valid
     */
    public void send(String channel, String payload) {
        ChannelName name = new ChannelName(channel);
        int bytes = ServerText.length(payload, "payload");
        if (bytes > MAX_PAYLOAD_BYTES) {
            throw new InvalidEventException("The payload for the channel \"" + channel + "\" has " + bytes
                    + " bytes, but PostgreSQL takes at most " + MAX_PAYLOAD_BYTES
                    + ". Publish it to a broadcast topic, which has no such limit, or send the id of a row.");
        }
        jdbc.query(notify, row -> {}, name.text(), payload);
        writes.written(sent -> {});
    }

    /**
     * Sends an object as JSON.
     *
     * @throws InvalidEventException if the channel is not valid, or the object cannot be written, or its JSON is too long
     */
    public void sendJson(String channel, Object payload) {
        send(channel, codec.write(payload));
    }
}
