package io.pgevents.sample.profile;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Says what to do about a request that cannot be met. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProfileProblems {

    @ExceptionHandler
    ProblemDetail unknown(ProfileException.Unknown exception) {
        return problem(HttpStatus.NOT_FOUND, "Unknown profile", exception);
    }

    @ExceptionHandler
    ProblemDetail ownFollower(ProfileException.OwnFollower exception) {
        return problem(HttpStatus.BAD_REQUEST, "Nobody follows himself", exception);
    }

    private static ProblemDetail problem(HttpStatus status, String title, ProfileException exception) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, exception.getMessage());
        problem.setTitle(title);
        return problem;
    }
}
