/**
 * The reactive cache: what is cached from a table goes when the table changes, on every instance.
 *
 * <p>The database is authoritative, an entry is a copy of what a loader has read. A change reaches every instance through
 * the live log, a moment after its commit, and takes the entry away, or replaces it. What may not happen is that an old
 * copy stays:
 *
 * <pre>
 * loader:   miss, reads the old value ........................ stores it
 * change:          commits ...... takes the entry away (none there)
 * </pre>
 *
 * <p>So each key has a <em>generation</em>, which a change counts up before it takes the entry away. A lookup that misses
 * notes the generation, and what was loaded is stored only if it is still the same; after storing it is compared again,
 * and the entry is taken away if it has changed meanwhile. Whatever the interleaving: either the count came before that
 * last look, then the loader takes the entry away; or it came after it, then the change does, because it does so after
 * counting. Keys share generations by their hash, so a change may cost another key a lookup, never more.
 *
 * <p>A value that was loaded inside a transaction may be one that only this transaction sees, so it is stored after its
 * commit, and not if it was loaded after a savepoint that was rolled back. What may have been read before the lookup is
 * not stored at all: from the snapshot of a transaction, whose isolation is that of the pool or the server if it says
 * none; or from a JPA persistence context that is bound to the thread and holds entities already. Nobody
 * knows when a value was read that is put without a lookup by the same thread, so such a put takes the entry away instead.
 * What the application takes away inside a transaction goes at once, and once more after the commit, because others may have
 * loaded meanwhile what it has made out of date. A transaction-aware cache manager puts its changes off until the commit, so
 * the guard works on the cache inside: what is owed has to be paid before the lookup, and nothing can be put off any more
 * when the commit is over.
 *
 * <p><b>Who vouches.</b> An instance vouches for what it stores by hearing of the next change; the others may have taken
 * the entry away before it was there. So a cache finds and stores nothing before the first start and after a stop, when
 * the web server serves but nobody follows; and a stop clears it once more, because a change of what was stored last may
 * be on its way. In that order: the following ends, the generations are over, the cache is cleared; whatever is stored by
 * then goes, and whatever is stored later sees that its generation is over. A start clears first and follows then: a cache
 * outside of this process may have outlived those who followed its table. A process that is killed cannot clear: what it
 * has stored while the change was on its way stays in a shared cache until the next change of the row, or for the time to
 * live its entries have.
 *
 * <p>If changes may have been missed, the whole cache is cleared. A cache that was away when it had to be changed owes
 * a clear: it is cleared by the first lookup, and until that has worked nothing is read from it. An entry is out of date for as
 * long as its change is on the way: milliseconds, or until the database is there again.
 *
 * <p><b>Who gets it.</b> Whoever asks the cache manager for a cache that follows a table gets it guarded, however early: a
 * bean may keep the cache it has got in its constructor. Which caches these are is known when all singletons are there; a bean
 * that asks before is answered by the definitions of the beans, without making one. They do not tell what a {@code @Bean}
 * method hides behind an interface, so there is a warning if a cache was handed out that turns out to follow a table. Boot
 * binds the meters of caches at start, by their classes; it gets the caches themselves, because meters only read statistics.
 * Caches that follow nothing are never wrapped, and {@code getNativeCache()} is always the native one, which nobody guards.
 *
 * <p><b>Keys</b> have to be those of the entries, else the wrong ones go and nobody notices. So what makes other keys
 * than Spring does from the parameters is refused at start, and so are columns the table does not have, and types that do not
 * say what a value is, as Object, Number, or a type variable that the class of the bean leaves open. What the server
 * takes for equal and Java does not is only warned of, because the application may know its spelling.
 */
@NullMarked
package io.pgevents.boot.cache;

import org.jspecify.annotations.NullMarked;
