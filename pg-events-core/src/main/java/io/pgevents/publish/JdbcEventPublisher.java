package io.pgevents.publish;

import io.pgevents.EventPublisher;
import io.pgevents.OutgoingEvent;
import io.pgevents.PublishReceipt;
import io.pgevents.codec.EventCodec;
import io.pgevents.schema.EventSchema;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** Publishes through Spring's transaction-bound connection of a data source. Thread-safe. */
public final class JdbcEventPublisher implements EventPublisher {

    public JdbcEventPublisher(DataSource dataSource, EventSchema schema, EventCodec codec, PublishSettings settings) {}

    @Override
    public List<PublishReceipt> publishAll(Collection<OutgoingEvent> events) {
        throw new IllegalStateException();
    }
}
