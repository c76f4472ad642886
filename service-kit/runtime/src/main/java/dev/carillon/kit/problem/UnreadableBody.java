package dev.carillon.kit.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.carillon.kit.json.StorableText.UnstorableText;
import java.util.List;

/** Says what is wrong with JSON that could not be read: 400, with the pointer to the field where there is one. */
public final class UnreadableBody {
    private static final int LONGEST_MESSAGE = 200;

    private UnreadableBody() {}

    public static Problem problem(JacksonException wrong) {
        return switch (wrong) {
            case UnrecognizedPropertyException unknown ->
                Problem.malformed(
                        "unknown-field",
                        "The body has a field that is not known",
                        new Problem.FieldError(
                                pointer(unknown), "\"" + unknown.getPropertyName() + "\" is not a field here"));
            case UnstorableText text ->
                Problem.malformed(
                        "invalid-text",
                        "A text has a character that cannot be stored",
                        new Problem.FieldError(pointer(text), text.getOriginalMessage()));
            case MismatchedInputException mismatch
            when !mismatch.getPath().isEmpty() ->
                Problem.malformed(
                        "invalid-field",
                        "A field has the wrong type",
                        new Problem.FieldError(pointer(mismatch), expected(mismatch)));
            case JsonMappingException mapping
            when mapping.getCause() instanceof InputCoercionException
                    && !mapping.getPath().isEmpty() ->
                Problem.malformed(
                        "invalid-field",
                        "A field has the wrong type",
                        new Problem.FieldError(pointer(mapping), "is a number beyond what is taken here"));
            case StreamReadException syntax ->
                Problem.of(400, "malformed-json", "The body is not well-formed JSON", syntax(syntax));
            case JsonMappingException mapping
            when mapping.getCause() instanceof StreamReadException syntax ->
                Problem.of(400, "malformed-json", "The body is not well-formed JSON", syntax(syntax));
            case StreamConstraintsException limit ->
                Problem.of(
                        400,
                        "malformed-json",
                        "The body is beyond the limits of JSON here",
                        "At most %d levels and numbers of %d digits"
                                .formatted(
                                        StreamReadConstraints.DEFAULT_MAX_DEPTH,
                                        StreamReadConstraints.DEFAULT_MAX_NUM_LEN));
            case JsonMappingException mapping
            when mapping.getCause() instanceof StreamConstraintsException limit -> problem(limit);
            default ->
                Problem.of(
                        400, "malformed-json", "The body is not the JSON that is wanted here", "Send one JSON object");
        };
    }

    /** The body's bytes are no text. */
    static Problem notText() {
        return Problem.of(400, "malformed-json", "The body is not well-formed JSON", "Its bytes are not UTF-8");
    }

    private static String syntax(StreamReadException wrong) {
        var message = wrong.getOriginalMessage().replaceFirst(" \\(start marker.*?\\]\\)", "");
        var shown = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
        return shown + where(wrong);
    }

    private static String where(JacksonException wrong) {
        var location = wrong.getLocation();
        return location == null ? "" : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static String expected(MismatchedInputException mismatch) {
        var type = mismatch.getTargetType();
        return type == null ? "has the wrong type" : "must be " + wording(type);
    }

    private static String wording(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        if (List.class.isAssignableFrom(type)) {
            return "an array";
        }
        return switch (type.getSimpleName()) {
            case "UUID" -> "a UUID";
            case "Instant" -> "an instant (RFC 3339, UTC)";
            case "Duration" -> "a duration (ISO 8601)";
            default -> "an object";
        };
    }

    private static String pointer(JsonMappingException wrong) {
        var pointer = JsonPointer.empty();
        for (var step : wrong.getPath()) {
            pointer = step.getFieldName() == null
                    ? pointer.appendIndex(step.getIndex())
                    : pointer.appendProperty(step.getFieldName());
        }
        return pointer.toString();
    }
}
