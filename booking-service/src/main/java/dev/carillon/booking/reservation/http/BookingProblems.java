package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.usecase.Outcome;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Why a wish about a booking was not fulfilled. */
final class BookingProblems {
    private BookingProblems() {}

    static ProblemException refusal(Outcome outcome) {
        return switch (outcome) {
            case Outcome.SlotFull(int available) ->
                new ProblemException(
                        Problem.of(409, "slot-full", "The slot has not so many places left", left(available))
                                .with("available", available));
            case Outcome.SlotClosed(String why) ->
                new ProblemException(Problem.of(409, "slot-closed", "The slot takes no bookings", why));
            case Outcome.SlotLocked() ->
                new ProblemException(
                        Problem.of(
                                503,
                                "slot-locked",
                                "The slot is locked",
                                "A change of it, or of another booking of the customer, takes longer than is waited for; nothing was done, try again"),
                        Duration.ofSeconds(1));
            case Outcome.CustomerLimit(int most) ->
                new ProblemException(Problem.of(
                                409,
                                "customer-limit",
                                "The customer has as many bookings ahead as the resource allows",
                                "It allows " + most)
                        .with("maxPerCustomer", most));
            case Outcome.NoticeTooShort(Instant until) ->
                new ProblemException(Problem.of(
                                409,
                                "notice-too-short",
                                "It is too late for a customer to change this booking",
                                "Customers could until " + until + "; staff still can")
                        .with("until", until.toString()));
            case Outcome.NoSuchSlot(UUID id) -> new ProblemException(Problem.notFound("slot", id));
            case Outcome.NoSuchBooking() ->
                new ProblemException(
                        Problem.of(404, "not-found", "There is no such booking", "No booking has this id"));
            case Outcome.Refused(Transition.Refused refused) -> transitionRefused(refused);
            case Outcome.OtherRevision(int actual) -> Queries.versionMismatch(actual);
            case Outcome.Decided(Verdict verdict) -> IdempotencyHeader.refusal(verdict);
            case Outcome.Done done -> throw new IllegalArgumentException("no refusal: " + done);
        };
    }

    static ProblemException noSuchBooking(UUID id) {
        return new ProblemException(Problem.notFound("booking", id));
    }

    private static String left(int available) {
        return available == 0 ? "None is left" : available + (available == 1 ? " is left" : " are left");
    }

    private static ProblemException transitionRefused(Transition.Refused refused) {
        return transitionRefused(
                refused.why(),
                refused.booking().status().wireName(),
                refused.wanted().wireName());
    }

    static ProblemException transitionRefused(String why, String from, String to) {
        return new ProblemException(Problem.of(
                        409,
                        "transition-refused",
                        "The booking's state does not allow this",
                        "%s; it is %s and would have to become %s".formatted(why, from, to))
                .with("from", from)
                .with("to", to));
    }
}
