package io.pgevents.boot.web;

import io.pgevents.relay.RelayRefusedException;
import io.pgevents.relay.RelaySubscription;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.HttpRequestHandler;

/** The address of one declared stream in a Spring MVC application. */
final class ServletStreamHandler implements HttpRequestHandler {

    private final String stream;
    private final RelayDoor door;
    private final SseRelay relay;

    ServletStreamHandler(String stream, RelayDoor door, SseRelay relay) {
        this.stream = stream;
        this.door = door;
        this.relay = relay;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SseRelay.requireGet(request);
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, List.of(values)));
        RelaySubscription subscription;
        try {
            subscription = door.answer(new RelayDoor.Knock(stream, parameters, request.getUserPrincipal(), request));
        } catch (RelayRefusedException ex) {
            SseRelay.refuse(request, response, ex);
            return;
        }
        relay.open(request, response, subscription);
    }
}
