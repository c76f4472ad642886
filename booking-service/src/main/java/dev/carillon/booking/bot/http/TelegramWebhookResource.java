package dev.carillon.booking.bot.http;

import dev.carillon.booking.bot.telegram.Bots;
import dev.carillon.booking.bot.usecase.AnswerUpdate;
import dev.carillon.kit.limits.Unlimited;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/telegram/webhook}: where Telegram brings updates. */
@Path("/v1/telegram/webhook")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TelegramWebhookResource {
    private static final String SECRET = "X-Telegram-Bot-Api-Secret-Token";

    private final Bots bots;
    private final AnswerUpdate answerUpdate;

    public TelegramWebhookResource(Bots bots, AnswerUpdate answerUpdate) {
        this.bots = bots;
        this.answerUpdate = answerUpdate;
    }

    @POST
    @PermitAll
    @Unlimited
    @Operation(
            summary = "Take an update of a bot, once",
            description =
                    "For Telegram alone: the secret token says which bot it is. 200 means that what the update does is committed; what the bot has to say"
                            + " is sent by itself. Anything but 2xx makes Telegram bring the update again")
    @RequestBody(content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(responseCode = "200", description = "Taken, now or before; or nothing for the bot")
    public Uni<Response> take(@HeaderParam(SECRET) @Nullable String secret, @Nullable String body) {
        var bot = bots.withSecret(secret).orElseThrow(TelegramWebhookResource::unauthenticated);
        var update = UpdateReading.read(body);
        return (update.isPresent()
                        ? answerUpdate.answer(bot, update.get())
                        : Uni.createFrom().item(answerUpdate::ignore))
                .replaceWith(() -> Response.ok().build());
    }

    private static ProblemException unauthenticated() {
        return new ProblemException(
                Problem.of(401, "unauthenticated", "Who calls is not known", SECRET + " is missing, or is no bot's"));
    }
}
