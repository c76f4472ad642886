/** Carillon as it is installed: started and stopped as a stack, migrated by a job, and packed for an image. */
@NullMarked
package dev.carillon.system.installation;

import org.jspecify.annotations.NullMarked;
