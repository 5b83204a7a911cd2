/**
 * Auto-configuration of the bus: there is one when there is a {@code DataSource}, unless {@code pg-events.enabled} says
 * no. Beans give way to those of the application; a publisher is decorated, not replaced (the bus inserts next steps
 * with its own). Whatever becomes of the bean in a test, which may make a mock of it, the bus does not depend on it.
 *
 * <p><b>Order.</b> Other auto-configurations are named by text, in the packages of Spring Boot 3 and 4 alike: a
 * reference to a class that has moved is ignored without a word, and then the bus would not be there.
 *
 * <p><b>Migration.</b> The tables are made after the application's own Flyway or Liquibase has run, because those
 * refuse a schema that is not empty at their first start; and before whatever depends on an initialized database. There
 * is no {@code Flyway} bean: it would switch off the application's migrations.
 */
@NullMarked
package io.pgevents.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
