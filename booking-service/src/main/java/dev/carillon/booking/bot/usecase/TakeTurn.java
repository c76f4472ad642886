package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Notice;
import dev.carillon.booking.bot.Step;
import dev.carillon.booking.bot.Turn;
import dev.carillon.booking.bot.Turn.Did;
import dev.carillon.booking.bot.Wish;
import dev.carillon.booking.bot.store.OfferStore;
import dev.carillon.kit.event.EventIds;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/** Grants what was wished for, or says why not. What a button names is looked up as the chat's own tenant and customer, or is not there. */
@ApplicationScoped
class TakeTurn {
    private final EventIds ids;
    private final OfferStore offers;
    private final ShowStep steps;
    private final BookByBot bookings;

    TakeTurn(EventIds ids, OfferStore offers, ShowStep steps, BookByBot bookings) {
        this.ids = ids;
        this.offers = offers;
        this.steps = steps;
        this.bookings = bookings;
    }

    /** A conversation's token, from the random part of a new id. */
    static String token(UUID id) {
        return Long.toUnsignedString(id.getLeastSignificantBits(), Character.MAX_RADIX);
    }

    Uni<Turn> take(Hearing heard) {
        var conversation = heard.conversation();
        return switch (conversation.hear(heard.update().heard(), heard.update().person(), heard.now())) {
            case Wish.Help() -> said(help(heard));
            case Wish.Begin() -> steps.show(heard, begun(conversation, Step.SERVICE));
            case Wish.ShowBookings() -> steps.show(heard, begun(conversation, Step.BOOKINGS));
            case Wish.Stop() -> steps.end(heard, new Notice.Stopped());
            case Wish.ChooseService(UUID resource) -> service(heard, resource);
            case Wish.ChooseDay(LocalDate day) -> steps.show(heard, conversation.withDay(day));
            case Wish.ChooseTime(UUID slot) -> steps.show(heard, conversation.withTime(slot));
            case Wish.TakeName(String name) -> steps.show(heard, conversation.withName(name));
            case Wish.Back() -> steps.show(heard, conversation.back());
            case Wish.Page(long from) -> steps.show(heard, conversation, null, from);
            case Wish.Book() -> bookings.book(heard);
            case Wish.Move(UUID booking) ->
                own(heard, booking).chain(own -> own.isPresent() ? bookings.move(heard, booking) : gone(heard));
            case Wish.BeginMove(UUID booking) ->
                own(heard, booking)
                        .chain(own -> own.isPresent()
                                ? steps.show(heard, conversation.moving(booking, own.get()))
                                : gone(heard));
            case Wish.AskToCancel(UUID booking) -> steps.show(heard, conversation.askingToCancel(booking));
            case Wish.Cancel(UUID booking) ->
                own(heard, booking).chain(own -> own.isPresent() ? bookings.cancel(heard, booking) : gone(heard));
            case Wish.Keep(UUID booking) ->
                own(heard, booking).chain(own -> own.isPresent() ? bookings.confirm(heard, booking) : gone(heard));
            case Wish.Nothing(Notice why) -> said(heard.refused(why));
        };
    }

    private static Turn help(Hearing heard) {
        var screen = heard.screens().help();
        return Turn.shown(heard.update().heard(), heard.conversation(), screen, Did.ASKED);
    }

    private Conversation begun(Conversation before, Step first) {
        return before.begun(token(ids.next()), first);
    }

    private Uni<Turn> service(Hearing heard, UUID resource) {
        return heard.bot().offers(resource)
                ? steps.show(heard, heard.conversation().withService(resource))
                : said(heard.refused(new Notice.NoSuchButton()));
    }

    /** The resource of a booking, when that is ahead and of whoever is in this chat. */
    private Uni<Optional<UUID>> own(Hearing heard, UUID booking) {
        return offers.standing(heard.tx(), heard.tenant(), heard.chat(), heard.now(), booking)
                .map(found -> found.map(one -> one.resource()));
    }

    private Uni<Turn> gone(Hearing heard) {
        return steps.end(heard, new Notice.BookingGone());
    }

    private static Uni<Turn> said(Turn turn) {
        return Uni.createFrom().item(turn);
    }
}
