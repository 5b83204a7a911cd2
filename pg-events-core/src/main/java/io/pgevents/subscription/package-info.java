/**
 * Subscriptions: named, durable consumers of topics, and their registration in the database.
 *
 * <p><b>Routing.</b> {@code event_subscription} says which subscription has which topics and topic
 * patterns. It is authoritative: each INSERT looks them up, whether it is ours or foreign, and nothing is cached in
 * a process.
 *
 * <p><b>Registration</b> happens at every start. The instance notes in {@code event_node_topic} what it declares, in a
 * transaction of its own; a subscription then has the topics that any running instance declares, and is ordered if one of
 * them says so. What only one instance had declared goes with its row in {@code event_node}: at its orderly stop, or when a
 * start finds that it has crashed. Every minute each instance notes its topics again, if somebody has forgotten them, and
 * makes the routes of its subscriptions what they have to be. Where another one declares something else, it asks whether
 * that one still runs; it answers by noting its topics, and is forgotten if it does not for an hour. So versions with
 * different topics run side by side, whichever starts first or again, and none takes away what another one wants.
 *
 * <table>
 *   <caption>What dies when</caption>
 *   <tr><td>An instance, between its note and the routes</td><td>the others make the routes within a minute, or the next start
 *   does</td></tr>
 *   <tr><td>An instance, later</td><td>the topics that it alone has declared stay for an hour, or until the next start</td></tr>
 *   <tr><td>All instances</td><td>the routes stay, and events wait</td></tr>
 *   <tr><td>The way of an instance to the database, for more than an hour</td><td>the topics that it alone has declared are
 *   routed again within a minute of its coming back; without other instances of the subscription they always were</td></tr>
 * </table>
 *
 * <p>A start that changes nothing takes no lock. A new
 * topic takes an exclusive lock on {@code event_subscription} for the moment of its commit, and so waits for the
 * transactions that have published: an event whose transaction commits after the registration is routed to the new
 * subscription, one that commits before is not. Where such a transaction stays open for longer than the lock may wait
 * (a quarter of a second, some times over; publishers wait as long), the registration goes on without the lock and says
 * so in the log: events that those open transactions have inserted already do not reach the new subscription. Where topics
 * only go, nobody is waited for.
 *
 * <p>All of this holds for publishers at READ COMMITTED, the default of the server. One at REPEATABLE READ routes by
 * the snapshot of its transaction. The events of a subscription that becomes ordered have no key if they were published
 * before; they get the shared one when they are looked at, so their order among themselves is nearly that of publication.
 *
 * <p><b>Waiting events.</b> An event without any subscription waits in the table with {@code subscription} null. The
 * next registration that matches its topic adopts it, after its commit; if several new subscriptions
 * of one registration match, each of them gets it. An adoption walks over all that waits, a thousand events with each
 * statement and transaction, for at most five seconds; the next one goes on there, at once if something was adopted. Running
 * instances look again every minute, for the events of
 * transactions that had read the routes before the registration and were committed after it. Then they warn of topics
 * whose events have been due for more than ten minutes: nobody may ever subscribe to a mistyped one.
 *
 * <p><b>Removal.</b> A subscription that is no longer declared keeps its routes and its events, because another version
 * of the application may still consume them. An operator removes it.
 */
@NullMarked
package io.pgevents.subscription;

import org.jspecify.annotations.NullMarked;
