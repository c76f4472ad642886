/** E-mail by a mail server that others wrote: that it is found, takes each letter once, and shows it as it was written. */
@NullMarked
package dev.carillon.system.mail;

import org.jspecify.annotations.NullMarked;
