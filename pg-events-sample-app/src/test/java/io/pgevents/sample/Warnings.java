package io.pgevents.sample;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What is logged as a warning or an error by packages, from now until it is closed. */
final class Warnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Logger> loggers;

    private Warnings(List<Logger> loggers) {
        this.loggers = loggers;
    }

    static Warnings of(String... packages) {
        Warnings warnings = new Warnings(Stream.of(packages)
                .map(each -> (Logger) LoggerFactory.getLogger(each))
                .toList());
        warnings.start();
        warnings.loggers.forEach(each -> each.addAppender(warnings));
        return warnings;
    }

    List<String> soFar() {
        return messages;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            messages.add(event.getLoggerName() + ": " + event.getFormattedMessage());
        }
    }

    @Override
    public void close() {
        loggers.forEach(each -> each.detachAppender(this));
    }
}
