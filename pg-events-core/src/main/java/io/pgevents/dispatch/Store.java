package io.pgevents.dispatch;

import io.pgevents.publish.JdbcEventPublisher;
import io.pgevents.queue.Claims;
import io.pgevents.queue.Settlements;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a pass writes with.
 *
 * @param claims claims events
 * @param settlements ends claims
 * @param publisher inserts next steps
 * @param transaction begins a new transaction
 */
record Store(Claims claims, Settlements settlements, JdbcEventPublisher publisher, TransactionTemplate transaction) {}
