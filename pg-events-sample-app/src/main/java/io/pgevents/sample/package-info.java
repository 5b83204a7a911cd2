/**
 * A small order shop on the event bus.
 *
 * <p>An order comes in as an {@code order.placed} event, by HTTP or by an INSERT of plain SQL, and moves on with every
 * step:
 *
 * <pre>
 * order.placed --reserve--> order.reserved --pay--> order.paid --ship--> (shipped)
 *      |
 *      +--statistics: counts the orders of each item
 * </pre>
 *
 * <p>Each step writes its effect and returns the next event; both commit together with the end of the event that caused
 * them. So an effect exists exactly once, whatever is killed. The id of an order is the id of its {@code order.placed}
 * event. Whether an order has failed for good is not stored: an order with a dead letter in its pipeline has failed,
 * and a replay of that dead letter sends it on its way again.
 */
@NullMarked
package io.pgevents.sample;

import org.jspecify.annotations.NullMarked;
