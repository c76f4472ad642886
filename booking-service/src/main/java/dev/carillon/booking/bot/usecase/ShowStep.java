package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Notice;
import dev.carillon.booking.bot.Offer;
import dev.carillon.booking.bot.Screen;
import dev.carillon.booking.bot.Turn;
import dev.carillon.booking.bot.Turn.Did;
import dev.carillon.booking.bot.store.OfferStore;
import dev.carillon.booking.bot.telegram.TelegramSettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows the step at which a conversation is with what can be chosen now, or an earlier one when that is nothing any more. */
@ApplicationScoped
class ShowStep {
    private final OfferStore offers;
    private final TelegramSettings settings;

    ShowStep(OfferStore offers, TelegramSettings settings) {
        this.offers = offers;
        this.settings = settings;
    }

    Uni<Turn> show(Hearing heard, Conversation at) {
        return show(heard, at, null, 0);
    }

    /**
     * @param notice to be said first; null for none
     * @param from where the page begins, in what the step counts by
     */
    Uni<Turn> show(Hearing heard, Conversation at, @Nullable Notice notice, long from) {
        return switch (at.step()) {
            case SERVICE -> services(heard, at, notice, from);
            case DAY -> ofService(heard, at, service -> days(heard, at, service, notice, from));
            case TIME -> ofService(heard, at, service -> times(heard, at, service, notice, from));
            case NAME -> ofService(heard, at, service -> name(heard, at, service));
            case CONFIRM -> ofService(heard, at, service -> confirm(heard, at, service));
            case BOOKINGS -> bookings(heard, at, notice);
            case CANCEL -> cancel(heard, at);
            case IDLE -> end(heard, new Notice.NoSuchButton());
        };
    }

    /** The conversation is over, and this is said. */
    Uni<Turn> end(Hearing heard, Notice why) {
        return end(heard, heard.screens().of(why), why instanceof Notice.Stopped ? Did.ASKED : Did.REFUSED);
    }

    Uni<Turn> end(Hearing heard, Screen screen, Did did) {
        return Uni.createFrom()
                .item(() ->
                        Turn.shown(heard.update().heard(), heard.conversation().ended(), screen, did));
    }

    private Uni<Turn> shown(Hearing heard, Conversation at, @Nullable Notice notice, Screen screen) {
        var did = notice == null ? Did.ASKED : Did.REFUSED;
        return Uni.createFrom()
                .item(() -> Turn.shown(
                        heard.update().heard(),
                        at.shown(heard.now(), settings.conversation()),
                        heard.screens().after(notice, screen),
                        did));
    }

    private Uni<Turn> services(Hearing heard, Conversation at, @Nullable Notice notice, long from) {
        return offers.services(heard.tx(), heard.bot(), from)
                .chain(page -> page.items().isEmpty()
                        ? end(heard, new Notice.NothingFree())
                        : shown(heard, at, notice, heard.screens().services(page)));
    }

    @FunctionalInterface
    private interface OfService {
        Uni<Turn> show(Offer.Service service);
    }

    /** A booking is moved where it was made, whatever the bot offers. */
    private Uni<Turn> ofService(Hearing heard, Conversation at, OfService then) {
        return offers.service(heard.tx(), heard.tenant(), at.draft().chosenResource())
                .chain(found -> found.isPresent() ? then.show(found.get()) : end(heard, new Notice.ServiceGone()));
    }

    private Uni<Turn> days(Hearing heard, Conversation at, Offer.Service service, @Nullable Notice notice, long from) {
        boolean moving = at.draft().isMove();
        return offers.days(heard.tx(), service, heard.now(), from).chain(page -> {
            if (!page.items().isEmpty()) {
                return shown(heard, at, notice, heard.screens().days(service, page, moving));
            }
            return moving
                    ? end(heard, new Notice.NothingFree())
                    : services(heard, at.back(), new Notice.NothingFree(), 0);
        });
    }

    private Uni<Turn> times(Hearing heard, Conversation at, Offer.Service service, @Nullable Notice notice, long from) {
        var day = at.draft().chosenDay();
        boolean moving = at.draft().isMove();
        return offers.times(heard.tx(), service, day, heard.now(), from)
                .chain(page -> page.items().isEmpty()
                        ? days(heard, at.atDays(), service, new Notice.Taken(), 0)
                        : shown(heard, at, notice, heard.screens().times(service, day, page, moving)));
    }

    private Uni<Turn> name(Hearing heard, Conversation at, Offer.Service service) {
        var person = heard.update().person();
        return chosenTime(heard, at, service)
                .chain(time -> time.isEmpty()
                        ? taken(heard, at, service)
                        : shown(heard, at, null, heard.screens().name(person)));
    }

    private Uni<Turn> confirm(Hearing heard, Conversation at, Offer.Service service) {
        return chosenTime(heard, at, service)
                .chain(time -> time.isEmpty() ? taken(heard, at, service) : confirm(heard, at, service, time.get()));
    }

    private Uni<Turn> confirm(Hearing heard, Conversation at, Offer.Service service, Offer.Time time) {
        var booking = at.draft().booking();
        if (booking == null) {
            var name = Objects.requireNonNull(at.draft().name());
            return shown(heard, at, null, heard.screens().confirm(service, time, name));
        }
        return offers.standing(heard.tx(), heard.tenant(), heard.chat(), heard.now(), booking)
                .chain(found -> found.isEmpty()
                        ? end(heard, new Notice.BookingGone())
                        : shown(heard, at, null, heard.screens().confirmMove(found.get(), service, time)));
    }

    private Uni<Optional<Offer.Time>> chosenTime(Hearing heard, Conversation at, Offer.Service service) {
        return offers.time(heard.tx(), service, at.draft().chosenSlot(), heard.now());
    }

    private Uni<Turn> taken(Hearing heard, Conversation at, Offer.Service service) {
        return times(heard, at.atTimes(), service, new Notice.Taken(), 0);
    }

    /** Of the booking that the conversation is about. */
    Uni<Optional<ZoneId>> zoneOf(Hearing heard, Conversation at) {
        var booking = at.draft().booking();
        return booking == null
                ? Uni.createFrom().item(Optional.empty())
                : offers.standing(heard.tx(), heard.tenant(), heard.chat(), heard.now(), booking)
                        .map(found -> found.map(Offer.Standing::zone));
    }

    private Uni<Turn> bookings(Hearing heard, Conversation at, @Nullable Notice notice) {
        var screens = heard.screens();
        return offers.standing(heard.tx(), heard.tenant(), heard.chat(), heard.now())
                .chain(standing -> standing.isEmpty()
                        ? end(heard, screens.after(notice, screens.noBookings()), Did.ASKED)
                        : shown(heard, at, notice, screens.bookings(standing)));
    }

    private Uni<Turn> cancel(Hearing heard, Conversation at) {
        var booking = Objects.requireNonNull(at.draft().booking());
        return offers.standing(heard.tx(), heard.tenant(), heard.chat(), heard.now(), booking)
                .chain(found -> found.isEmpty()
                        ? end(heard, new Notice.BookingGone())
                        : shown(heard, at, null, heard.screens().askToCancel(found.get())));
    }
}
