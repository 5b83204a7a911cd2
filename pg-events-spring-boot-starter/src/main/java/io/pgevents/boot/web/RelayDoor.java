package io.pgevents.boot.web;

import io.pgevents.live.LiveCursor;
import io.pgevents.relay.RelayAuthorizer;
import io.pgevents.relay.RelayRefusedException;
import io.pgevents.relay.RelayRequest;
import io.pgevents.relay.RelayStream;
import io.pgevents.relay.RelaySubscription;
import java.security.Principal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ResponseStatusException;

/** Decides what a request for a declared stream gets. Whatever is not clearly allowed is refused with a status. */
final class RelayDoor {

    private static final Logger log = LoggerFactory.getLogger(RelayDoor.class);

    /** Each set of topics costs a registration at the tail. */
    private static final int MOST_TOPICS = 50;

    private final RelayStreams streams;
    private final @Nullable RelayAuthorizer authorizer;

    /**
     * A request, whatever web server it came by.
     *
     * @param stream the name that is asked for
     * @param parameters request parameters
     * @param principal who asks
     * @param exchange the request itself
     */
    record Knock(
            String stream,
            Map<String, List<String>> parameters,
            @Nullable Principal principal,
            Object exchange) {

        private List<String> all(String parameter) {
            return parameters.getOrDefault(parameter, List.of());
        }
    }

    RelayDoor(RelayStreams streams, @Nullable RelayAuthorizer authorizer) {
        this.streams = streams;
        this.authorizer = authorizer;
        if (authorizer == null && !streams.byName().isEmpty()) {
            log.warn(
                    "The streams {} answer 403: there is no bean of type {}, which decides who may follow them",
                    streams.byName().keySet(),
                    RelayAuthorizer.class.getName());
        }
    }

    RelayStreams streams() {
        return streams;
    }

    /**
     * What the request gets.
     *
     * @throws ResponseStatusException with 400, 403 or 404
     * @throws RelayRefusedException if the authorizer cannot tell now, because the database fails
     */
    RelaySubscription answer(Knock knock) {
        RelayStream declared = streams.byName().get(knock.stream());
        if (declared == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        if (authorizer == null) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN);
        }
        RelaySubscription asked = asked(declared, knock);
        RelayRequest request = new RelayRequest(
                declared.name(), asked.stream().topics(), asked.fields(), knock.principal(), knock.exchange());
        if (!mayFollow(authorizer, request)) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN);
        }
        return asked.withFilter(event -> authorizer.maySee(request, event));
    }

    private static RelaySubscription asked(RelayStream declared, Knock knock) {
        List<String> topics = knock.all("topic");
        try {
            if (topics.size() > MOST_TOPICS) {
                throw new IllegalArgumentException("A request names at most " + MOST_TOPICS + " topics");
            }
            return RelaySubscription.to(declared.narrowedTo(topics))
                    .withFields(fields(knock.all("filter")))
                    .withPrincipal(knock.principal());
        } catch (IllegalArgumentException ex) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
        }
    }

    /** {@code field:value}; several of a field are alternatives. */
    private static Map<String, Set<String>> fields(List<String> filters) {
        Map<String, Set<String>> fields = new LinkedHashMap<>();
        for (String filter : filters) {
            int colon = filter.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("Not a filter: use filter=field:value");
            }
            fields.computeIfAbsent(filter.substring(0, colon), field -> new HashSet<>())
                    .add(filter.substring(colon + 1));
        }
        return fields;
    }

    private static boolean mayFollow(RelayAuthorizer authorizer, RelayRequest request) {
        try {
            return authorizer.mayFollow(request);
        } catch (RuntimeException ex) {
            if (RelayRefusedException.insteadOf(ex) instanceof RelayRefusedException refused) {
                throw refused;
            }
            log.warn("The authorizer failed for stream {}; the client is refused", request.stream(), ex);
            return false;
        }
    }

    /** What a browser says about itself, where the application has not said it already. */
    static RelaySubscription complete(
            RelaySubscription subscription, @Nullable Principal principal, @Nullable String lastEventId) {
        RelaySubscription complete =
                subscription.principal() == null ? subscription.withPrincipal(principal) : subscription;
        return complete.since() == null && StringUtils.hasText(lastEventId)
                ? complete.withSince(new LiveCursor(lastEventId))
                : complete;
    }

    static ResponseStatusException unavailable(RuntimeException cause) {
        return new UnavailableException(cause);
    }

    /** To be tried again, not by all at the same time. */
    private static final class UnavailableException extends ResponseStatusException {

        private static final long serialVersionUID = 1L;

        private UnavailableException(RuntimeException cause) {
            super(HttpStatus.SERVICE_UNAVAILABLE, null, cause);
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            headers.set(
                    "Retry-After", Integer.toString(ThreadLocalRandom.current().nextInt(2, 10)));
            return headers;
        }
    }
}
