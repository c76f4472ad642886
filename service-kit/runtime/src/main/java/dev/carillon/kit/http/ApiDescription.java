package dev.carillon.kit.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * Completes a service's OpenAPI document by what holds for every call, the two kinds of credentials and problems, and says of JSON that has no type in Java what
 * comes over the wire. What an operation says itself of a refusal stays.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {
    private static final Map<String, String> REFUSALS = Map.of(
            "400", "The shape of the request is wrong",
            "401", "The credentials are missing or not good",
            "403", "The credentials do not allow this",
            "404", "There is no such thing in the caller's tenant",
            "409", "The state of the thing, or a first request that still runs, does not allow this",
            "413", "The body is too large",
            "422", "The shape is right and the meaning is not",
            "429", "The rate of whoever calls is used up; try again after Retry-After",
            "503", "Try again after Retry-After");

    private static final String VERSION_MISMATCH = "If-Match names another version than the current one";
    private static final String OTHER_TYPE = "The body is not of a type that is taken";
    private static final String PRECONDITION = "If-Match";

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents()
                .addSchema("Problem", problem())
                .setSecuritySchemes(Map.of(
                        "bearer",
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT"),
                        "apiKey",
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.APIKEY)
                                .in(SecurityScheme.In.HEADER)
                                .name("X-API-Key")));
        describeJson(api.getComponents());
        api.setSecurity(List.of(
                OASFactory.createSecurityRequirement().addScheme("bearer"),
                OASFactory.createSecurityRequirement().addScheme("apiKey")));
        if (api.getPaths() != null) {
            api.getPaths().getPathItems().values().forEach(path -> path.getOperations()
                    .values()
                    .forEach(ApiDescription::complete));
        }
    }

    /** Of these types the scanner shows how they are made in Java, which is nothing that anybody sends. */
    private static void describeJson(Components components) {
        var found = components.getSchemas() == null
                ? Set.<String>of()
                : Set.copyOf(components.getSchemas().keySet());
        var sent = Map.of(
                "JsonNode", OASFactory.createSchema().description("Any JSON"),
                "ObjectNode",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.OBJECT)
                                .description("A JSON object"),
                "LocalDateTime", text("What clocks show, without an offset: 2026-11-27T09:00:00"));
        sent.forEach((name, schema) -> {
            if (found.contains(name)) {
                components.addSchema(name, schema);
            }
        });
        components.removeSchema("JsonNodeType");
        components.removeSchema("JsonNodeFactory");
    }

    private static void complete(Operation operation) {
        operation.setSecurity(null);
        var refusals = new TreeMap<>(REFUSALS);
        if (operation.getRequestBody() != null) {
            refusals.put("415", OTHER_TYPE);
        }
        if (takes(PRECONDITION, operation)) {
            refusals.put("412", VERSION_MISMATCH);
        }
        var said = operation.getResponses().getAPIResponses();
        if (said != null) {
            said.forEach((status, response) -> {
                if (status.matches("[45]\\d\\d") && response.getDescription() != null) {
                    refusals.put(status, response.getDescription());
                }
            });
        }
        refusals.forEach((status, meaning) -> operation.getResponses().addAPIResponse(status, refusal(meaning)));
    }

    private static boolean takes(String header, Operation operation) {
        var parameters = operation.getParameters();
        return parameters != null && parameters.stream().anyMatch(one -> header.equals(one.getName()));
    }

    private static APIResponse refusal(String meaning) {
        return OASFactory.createAPIResponse()
                .description(meaning)
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType().schema(ref("Problem"))));
    }

    private static Schema problem() {
        var fault = OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .addProperty("pointer", text("Where: a JSON pointer into the body, or the name of a parameter"))
                .addProperty("detail", text("What is wrong there"));
        return OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .description("A problem detail (RFC 9457)")
                .addProperty("type", text("urn:carillon:problem:<slug>"))
                .addProperty("title", text("What kind of problem it is"))
                .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER))
                .addProperty("detail", text("What happened this time"))
                .addProperty("instance", text("The path of the request"))
                .addProperty("traceId", text("The trace of the request"))
                .addProperty(
                        "errors",
                        OASFactory.createSchema()
                                .addType(Schema.SchemaType.ARRAY)
                                .items(fault));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
    }

    private static Schema ref(String name) {
        return OASFactory.createSchema().ref("#/components/schemas/" + name);
    }
}
