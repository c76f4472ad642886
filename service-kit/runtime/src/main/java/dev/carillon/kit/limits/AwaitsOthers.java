package dev.carillon.kit.limits;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a resource whose answer waits for another service on purpose, so that how long it takes does not tell how busy this instance is. Such requests are
 * counted apart from all others.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface AwaitsOthers {}
