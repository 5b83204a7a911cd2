package io.pgevents.benchmark.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgevents.benchmark.contestant.Payload;
import javax.sql.DataSource;
import org.springframework.integration.jdbc.store.JdbcChannelMessageStore;
import org.springframework.integration.jdbc.store.channel.PostgresChannelMessageStoreQueryProvider;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring Integration's store of messages, with one group of them. The payload is text, because the store writes the
 * whole message with Java serialization, also where it is told to write JSON.
 */
final class SpringIntegrationStore {

    static final String GROUP = "events";
    static final String SCHEMA = "org/springframework/integration/jdbc/schema-postgresql.sql";
    static final String TABLE = "int_channel_message";

    private final ObjectMapper json = new ObjectMapper();
    private final JdbcChannelMessageStore messages;
    private final TransactionTemplate transaction;

    SpringIntegrationStore(DataSource pool, TransactionTemplate transaction) {
        this.transaction = transaction;
        messages = new JdbcChannelMessageStore(pool);
        messages.setChannelMessageStoreQueryProvider(new PostgresChannelMessageStoreQueryProvider());
        messages.afterPropertiesSet();
    }

    JdbcChannelMessageStore messages() {
        return messages;
    }

    void publish(int first, int count) {
        transaction.executeWithoutResult(status -> {
            for (int number = first; number < first + count; number++) {
                messages.addMessageToGroup(GROUP, new GenericMessage<>(Payload.json(number)));
            }
        });
    }

    /** Takes one message and handles it in the same transaction; false if there was none. */
    boolean handleOne(Handling handling) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            Message<?> message = messages.pollMessageFromGroup(GROUP);
            if (message == null) {
                return false;
            }
            handling.handle(decode(message));
            return true;
        }));
    }

    Payload decode(Message<?> message) {
        try {
            return json.readValue((String) message.getPayload(), Payload.class);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("A message is not the JSON of a payload", failure);
        }
    }
}
