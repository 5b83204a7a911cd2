package io.pgevents.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Listens to the log of pg-events during a test. */
public final class LogCapture implements BeforeEachCallback, AfterEachCallback {

    private static final Logger ROOT = (Logger) LoggerFactory.getLogger("io.pgevents");
    private static volatile ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        appender = new ListAppender<>();
        appender.start();
        ROOT.addAppender(appender);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ROOT.detachAppender(appender);
    }

    /** The messages of every level that is logged, so far. */
    public static List<String> messages() {
        return List.copyOf(appender.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The messages of the level WARN and above, so far. */
    public static List<String> warnings() {
        return List.copyOf(appender.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
