/** The state folder: which processes run, credentials that are made on the first start, keys, logs and data. */
@NullMarked
package dev.carillon.local.state;

import org.jspecify.annotations.NullMarked;
