package io.pgevents.relay;

import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts who is in, and refuses whoever is too much. Thread-safe. */
final class Admission {

    private final Relay.Settings settings;
    private final Budget budget;
    private final Map<String, Integer> byPrincipal = new HashMap<>();
    private boolean open;
    private long refused;

    Admission(Relay.Settings settings, Budget budget) {
        this.settings = settings;
        this.budget = budget;
    }

    synchronized void open() {
        open = true;
    }

    synchronized void close() {
        open = false;
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized long refused() {
        return refused;
    }

    synchronized void enter(@Nullable Principal principal) {
        if (!open) {
            throw refuse("The relay is not running");
        }
        if (budget.clients.get() >= settings.maxClients()) {
            throw refuse("There are " + settings.maxClients() + " clients already");
        }
        if (budget.used() >= settings.maxQueuedBytes()) {
            throw refuse("What waits for clients takes all the memory it may");
        }
        if (principal != null) {
            int present = byPrincipal.getOrDefault(principal.getName(), 0);
            if (present >= settings.maxClientsPerPrincipal()) {
                throw refuse("This principal has " + present + " clients already");
            }
            byPrincipal.put(principal.getName(), present + 1);
        }
        budget.clients.incrementAndGet();
    }

    RelayRefusedException refuse(String message) {
        return refuse(message, null);
    }

    synchronized RelayRefusedException refuse(String message, @Nullable Throwable cause) {
        refused++;
        return new RelayRefusedException(message, cause);
    }

    synchronized void leave(@Nullable Principal principal) {
        if (principal != null) {
            byPrincipal.computeIfPresent(principal.getName(), (name, present) -> present == 1 ? null : present - 1);
        }
        budget.clients.decrementAndGet();
        notifyAll();
    }

    /** Whether nobody is left, after a while. */
    synchronized boolean awaitEmpty(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (budget.clients.get() > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
