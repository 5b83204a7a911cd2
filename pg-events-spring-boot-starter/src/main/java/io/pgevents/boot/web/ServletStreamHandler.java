package io.pgevents.boot.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.HttpRequestMethodNotSupportedException;

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
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (!"GET".equals(request.getMethod())) {
            throw new HttpRequestMethodNotSupportedException(request.getMethod(), List.of("GET"));
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, List.of(values)));
        relay.open(
                request,
                response,
                door.answer(new RelayDoor.Knock(stream, parameters, request.getUserPrincipal(), request)));
    }
}
