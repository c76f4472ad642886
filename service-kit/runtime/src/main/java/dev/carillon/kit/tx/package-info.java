/**
 * The one way to open a transaction.
 *
 * <p>Guarantees that everything done with a {@link dev.carillon.kit.tx.Tx} commits or rolls back together, whether the work is plain SQL
 * or Hibernate entities, and that hooks run only after the commit. Never holds a transaction open for anything but the database: no HTTP
 * call and no broker inside. What a service's connections are like, and the schema that they find, is seen to here, too.
 */
@NullMarked
package dev.carillon.kit.tx;

import org.jspecify.annotations.NullMarked;
