package dev.carillon.kit.problem;

import com.fasterxml.jackson.core.JacksonException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.CharConversionException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells a client what is wrong with a body that cannot be read. Here alone: JSON that cannot be read anywhere else is no fault of a client's. */
@Provider
public class BodyReading implements ReaderInterceptor {
    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
        try {
            return body.proceed();
        } catch (IOException | WebApplicationException failure) {
            // RESTEasy wraps some of Jackson's failures, and hands on others.
            var problem = problem(failure instanceof WebApplicationException ? failure.getCause() : failure);
            if (problem == null) {
                throw failure;
            }
            throw new ProblemException(problem);
        }
    }

    private static @Nullable Problem problem(@Nullable Throwable failure) {
        return switch (failure) {
            case JacksonException wrong -> UnreadableBody.problem(wrong);
            // Bytes that are text in no encoding: the guess of JSON's encoding (RFC 8259, 8.1) may have been UTF-16 or
            // UTF-32.
            case CharConversionException noText -> UnreadableBody.notText();
            case null, default -> null;
        };
    }
}
