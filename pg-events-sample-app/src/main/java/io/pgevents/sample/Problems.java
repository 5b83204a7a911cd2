package io.pgevents.sample;

import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what to do about a request that cannot be met. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problems {

    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException exception) {
        return problem(HttpStatus.BAD_REQUEST, "This is not an order", explain(exception.getCause()));
    }

    @ExceptionHandler
    ProblemDetail unknown(OrderException.Unknown exception) {
        return problem(HttpStatus.NOT_FOUND, "Unknown order", exception.getMessage());
    }

    @ExceptionHandler
    ProblemDetail nothingToReplay(OrderException.NothingToReplay exception) {
        return problem(HttpStatus.CONFLICT, "Nothing to replay", exception.getMessage());
    }

    private static @Nullable String explain(@Nullable Throwable cause) {
        if (cause instanceof ValueInstantiationException invalid && invalid.getCause() != null) {
            return invalid.getCause().getMessage();
        }
        return reason(cause) + " An order looks like " + OrderPlaced.EXAMPLE;
    }

    private static String reason(@Nullable Throwable cause) {
        if (!(cause instanceof JacksonException exception)) {
            return "The body is empty.";
        }
        String field = exception.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        if (!field.isEmpty()) {
            return "The value of " + field + " has the wrong type.";
        }
        return exception instanceof StreamReadException
                ? "The body is not JSON (see line " + exception.getLocation().getLineNr() + ", column "
                        + exception.getLocation().getColumnNr() + ")."
                : "The body has the wrong shape.";
    }

    private static ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(title);
        return problem;
    }
}
