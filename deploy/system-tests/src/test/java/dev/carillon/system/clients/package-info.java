/** Who uses a running Carillon: they book, talk with its bot and receive webhooks, and remember what they were told. */
@NullMarked
package dev.carillon.system.clients;

import org.jspecify.annotations.NullMarked;
