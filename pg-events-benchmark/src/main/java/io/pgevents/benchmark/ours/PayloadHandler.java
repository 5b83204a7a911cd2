package io.pgevents.benchmark.ours;

import io.pgevents.OutgoingEvent;
import io.pgevents.benchmark.contestant.Effects;
import io.pgevents.benchmark.contestant.Payload;
import io.pgevents.benchmark.contestant.Receipts;
import io.pgevents.codec.EventCodec;
import io.pgevents.subscription.EventHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Decodes the payload, tells the receipt and writes the effect, in the transaction if there is one. Of several
 * subscriptions each numbers its deliveries so that no two are alike.
 */
final class PayloadHandler implements EventHandler<Payload> {

    private final Variant variant;
    private final int subscription;
    private final DataSource dataSource;
    private final EventCodec codec;
    private final Receipts receipts;

    PayloadHandler(Variant variant, int subscription, DataSource dataSource, EventCodec codec, Receipts receipts) {
        this.variant = variant;
        this.subscription = subscription;
        this.dataSource = dataSource;
        this.codec = codec;
        this.receipts = receipts;
    }

    @Override
    public Payload convert(RawEvent event) {
        return (Payload) codec.read(event.payload(), Payload.class);
    }

    @Override
    public List<OutgoingEvent> handle(List<Payload> events) throws SQLException {
        List<Payload> numbered = variant.subscriptions() == 1
                ? events
                : events.stream().map(this::numbered).toList();
        numbered.forEach(payload -> receipts.received(payload.number()));
        if (variant.effects()) {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            try {
                Effects.write(connection, numbered);
            } finally {
                DataSourceUtils.releaseConnection(connection, dataSource);
            }
        }
        return List.of();
    }

    private Payload numbered(Payload payload) {
        return new Payload(
                payload.number() * variant.subscriptions() + subscription, payload.customer(), payload.filler());
    }

    @Override
    public boolean isBatch() {
        return variant.batch();
    }

    @Override
    public @Nullable Set<String> knownTypes() {
        return null;
    }
}
