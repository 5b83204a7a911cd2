package io.pgevents.relay;

import io.pgevents.subscription.TopicPattern;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a browser asks for.
 *
 * @param stream the name of the stream
 * @param topics topics and patterns, of the stream's only
 * @param fields accepted values by the name of a field of the payload, of the stream's only
 * @param principal who asks, or null if nobody is logged in
 * @param exchange the request as the web server has it, {@code HttpServletRequest} or {@code ServerWebExchange}
 */
public record RelayRequest(
        String stream,
        Set<TopicPattern> topics,
        Map<String, Set<String>> fields,
        @Nullable Principal principal,
        Object exchange) {}
