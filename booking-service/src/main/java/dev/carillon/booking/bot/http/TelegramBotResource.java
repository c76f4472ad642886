package dev.carillon.booking.bot.http;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.telegram.ApiAnswer;
import dev.carillon.booking.bot.telegram.Bots;
import dev.carillon.booking.bot.usecase.SetWebhook;
import dev.carillon.kit.http.AddressPolicy;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/telegram/bots}. */
@Path("/v1/telegram/bots")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TelegramBotResource {
    private static final int LONGEST_URL = 2_000;
    private static final int TOO_MANY = 429;

    /** Where Telegram brings updates to, says the Bot API; -1 is a URL without a port, which means 443. */
    private static final Set<Integer> PORTS = Set.of(-1, 443, 80, 88, 8443);

    private final Caller caller;
    private final Audit audit;
    private final Bots bots;
    private final SetWebhook setWebhook;

    public TelegramBotResource(Caller caller, Audit audit, Bots bots, SetWebhook setWebhook) {
        this.caller = caller;
        this.audit = audit;
        this.bots = bots;
        this.setWebhook = setWebhook;
    }

    @POST
    @Path("/{name}/set-webhook")
    @PermissionsAllowed("telegram:admin")
    @Operation(
            summary = "Tell Telegram to bring a bot's updates to this URL, with the bot's secret token",
            description =
                    "For admins, and keys with the scope telegram:admin. Done again it tells Telegram the same again, with an"
                            + " Idempotency-Key or without one: none is remembered")
    @APIResponse(responseCode = "200", description = "Telegram has taken it")
    @APIResponse(responseCode = "502", description = "Telegram refuses it; telegramStatus is its own code")
    public Uni<WebhookView> setWebhook(String name, @Nullable SetWebhookRequest request) {
        var url = url(Problem.required(request).url());
        var bot = bots.named(caller.tenant(), name)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        404,
                        "not-found",
                        "There is no such bot",
                        "The tenant has no bot of this name in the settings")));
        return audit.begin(caller.name(), "telegram.set-webhook", bot.tenant() + "/" + bot.name())
                .around(setWebhook.set(bot, url), ApiAnswer::toString)
                .map(answer -> view(bot, url, answer));
    }

    private static WebhookView view(Bot bot, URI url, ApiAnswer answer) {
        return switch (answer) {
            case ApiAnswer.Done() -> new WebhookView(bot.name(), url.toString());
            case ApiAnswer.Refused(int code, String description) -> throw refused(code, description);
            case ApiAnswer.Later later -> {
                if (later.code() >= 400 && later.code() < 500 && later.code() != TOO_MANY) {
                    throw refused(later.code(), later.why());
                }
                throw new ProblemException(
                        Problem.of(503, "telegram-unavailable", "Telegram does not take it now", later.why()),
                        Objects.requireNonNullElse(later.retryAfter(), Duration.ofSeconds(5)));
            }
        };
    }

    private static ProblemException refused(int code, String description) {
        return new ProblemException(Problem.of(502, "telegram-refused", "Telegram refuses it", description)
                .with("telegramStatus", code));
    }

    private static URI url(@Nullable String text) {
        var faults = new Faults();
        try {
            var url = new URI(Objects.requireNonNullElse(text, ""));
            if (isTaken(url)) {
                return url;
            }
        } catch (URISyntaxException noUrl) {
            faults.add("/url", "is no URL: " + noUrl.getReason());
            throw faults.asProblem();
        }
        faults.add(
                "/url",
                "takes an absolute https URL without user info, at port 443, 80, 88 or 8443, such as"
                        + " https://book.example.org/v1/telegram/webhook; http at a loopback host alone");
        throw faults.asProblem();
    }

    private static boolean isTaken(URI url) {
        var host = url.getHost();
        if (host == null || url.getUserInfo() != null || url.toString().length() > LONGEST_URL) {
            return false;
        }
        return switch (Objects.requireNonNullElse(url.getScheme(), "")) {
            case "https" -> PORTS.contains(url.getPort());
            case "http" -> isLoopback(host);
            default -> false;
        };
    }

    /** Where a stand-in for Telegram runs on the same machine: Telegram itself could never mean it. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || AddressPolicy.literal(host)
                        .filter(InetAddress::isLoopbackAddress)
                        .isPresent();
    }
}
