package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Notice;
import dev.carillon.booking.bot.Turn;
import dev.carillon.booking.bot.Turn.Did;
import dev.carillon.booking.reservation.Actor;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.usecase.BookSlot;
import dev.carillon.booking.reservation.usecase.CancelBooking;
import dev.carillon.booking.reservation.usecase.ConfirmBooking;
import dev.carillon.booking.reservation.usecase.Outcome;
import dev.carillon.booking.reservation.usecase.RescheduleBooking;
import dev.carillon.kit.telemetry.Traces;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;

/** Asks of the use cases what a conversation has come to, as the customer, in the update's own transaction. */
@ApplicationScoped
class BookByBot {
    private final BookSlot bookSlot;
    private final RescheduleBooking rescheduleBooking;
    private final CancelBooking cancelBooking;
    private final ConfirmBooking confirmBooking;
    private final ShowStep steps;
    private final Traces traces;

    BookByBot(
            BookSlot bookSlot,
            RescheduleBooking rescheduleBooking,
            CancelBooking cancelBooking,
            ConfirmBooking confirmBooking,
            ShowStep steps,
            Traces traces) {
        this.bookSlot = bookSlot;
        this.rescheduleBooking = rescheduleBooking;
        this.cancelBooking = cancelBooking;
        this.confirmBooking = confirmBooking;
        this.steps = steps;
        this.traces = traces;
    }

    Uni<Turn> book(Hearing heard) {
        var draft = heard.conversation().draft();
        var customer = new Customer(
                "telegram:" + heard.chat(),
                Objects.requireNonNull(draft.name()),
                null,
                heard.chat(),
                null,
                heard.update().language());
        var request =
                new BookSlot.Request(heard.tenant(), draft.chosenSlot(), 1, customer, null, traces.current(), null);
        return bookSlot.book(heard.tx(), request).chain(outcome -> answer(heard, outcome, Did.BOOKED));
    }

    Uni<Turn> move(Hearing heard, UUID booking) {
        return rescheduleBooking
                .reschedule(
                        heard.tx(),
                        heard.tenant(),
                        booking,
                        heard.conversation().draft().chosenSlot(),
                        Actor.CUSTOMER)
                .chain(outcome -> answer(heard, outcome, Did.MOVED));
    }

    Uni<Turn> cancel(Hearing heard, UUID booking) {
        return cancelBooking
                .cancel(heard.tx(), heard.tenant(), booking, Actor.CUSTOMER)
                .chain(outcome -> answer(heard, outcome, Did.CANCELLED));
    }

    Uni<Turn> confirm(Hearing heard, UUID booking) {
        return confirmBooking
                .confirm(heard.tx(), heard.tenant(), booking)
                .chain(outcome -> outcome instanceof Outcome.SlotClosed
                        ? steps.end(heard, new Notice.NotAnyMore())
                        : answer(heard, outcome, Did.CONFIRMED));
    }

    private Uni<Turn> answer(Hearing heard, Outcome outcome, Did wanted) {
        return switch (outcome) {
            case Outcome.Done(var done) -> done(heard, done.booking(), wanted);
            case Outcome.SlotFull ignored -> taken(heard);
            case Outcome.SlotClosed ignored -> taken(heard);
            case Outcome.NoSuchSlot ignored -> taken(heard);
            case Outcome.CustomerLimit(int most) -> steps.end(heard, new Notice.LimitReached(most));
            case Outcome.NoticeTooShort(Instant until) -> tooShortNotice(heard, until);
            case Outcome.Refused ignored -> steps.end(heard, new Notice.NotAnyMore());
            case Outcome.NoSuchBooking ignored -> steps.end(heard, new Notice.BookingGone());
            case Outcome.SlotLocked locked -> throw new IllegalStateException("locks are waited for: " + locked);
            case Outcome.OtherRevision other -> throw new IllegalStateException("no revision was meant: " + other);
            case Outcome.Decided decided -> throw new IllegalStateException("there was no key: " + decided);
        };
    }

    private Uni<Turn> done(Hearing heard, Booking booking, Did did) {
        var screens = heard.screens();
        var screen = did == Did.MOVED
                ? screens.moved(booking)
                : did == Did.CANCELLED ? screens.cancelled(booking) : screens.booked(booking);
        return steps.end(heard, screen, did);
    }

    private Uni<Turn> taken(Hearing heard) {
        return steps.show(heard, heard.conversation().atTimes(), new Notice.Taken(), 0);
    }

    private Uni<Turn> tooShortNotice(Hearing heard, Instant until) {
        return steps.zoneOf(heard, heard.conversation())
                .map(zone -> zone.orElse(ZoneOffset.UTC))
                .chain((ZoneId zone) -> steps.end(heard, new Notice.TooShortNotice(until.atZone(zone))));
    }
}
