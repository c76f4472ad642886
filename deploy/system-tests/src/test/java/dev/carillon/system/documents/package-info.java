/** The documents, word for word: what they tell to type is typed, and what they show is compared with what comes. */
@NullMarked
package dev.carillon.system.documents;

import org.jspecify.annotations.NullMarked;
