package dev.carillon.booking.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration LASTS = Duration.ofMinutes(30);
    private static final UUID RESOURCE = UUID.randomUUID();
    private static final UUID SLOT = UUID.randomUUID();
    private static final UUID BOOKING = UUID.randomUUID();
    private static final LocalDate DAY = LocalDate.of(2026, 11, 30);

    private static Conversation begun() {
        return Conversation.none("old").begun("abc", Step.SERVICE).shown(NOW, LASTS);
    }

    private static Conversation atConfirm() {
        return begun().withService(RESOURCE)
                .withDay(DAY)
                .withTime(SLOT)
                .withName("Ana")
                .shown(NOW, LASTS);
    }

    private static Wish press(Conversation at, String data) {
        return at.hear(new Heard.Pressed(data, "q", 1), "Ana", NOW);
    }

    private static Wish press(Conversation at, Choice choice) {
        return press(at, at.data(choice));
    }

    @Test
    void five_steps_lead_to_a_booking() {
        var service = begun();
        assertThat(press(service, new Choice.Service(RESOURCE))).isEqualTo(new Wish.ChooseService(RESOURCE));
        var day = service.withService(RESOURCE).shown(NOW, LASTS);
        assertThat(press(day, new Choice.Day(DAY))).isEqualTo(new Wish.ChooseDay(DAY));
        var time = day.withDay(DAY).shown(NOW, LASTS);
        assertThat(press(time, new Choice.Time(SLOT))).isEqualTo(new Wish.ChooseTime(SLOT));
        var name = time.withTime(SLOT).shown(NOW, LASTS);
        assertThat(name.step()).isEqualTo(Step.NAME);
        assertThat(press(name, new Choice.OwnName())).isEqualTo(new Wish.TakeName("Ana"));
        assertThat(name.hear(new Heard.Said("  Robert \n O'Neil "), "Ana", NOW))
                .isEqualTo(new Wish.TakeName("Robert O'Neil"));
        var confirm = name.withName("Ana").shown(NOW, LASTS);
        assertThat(press(confirm, new Choice.Confirm())).isEqualTo(new Wish.Book());
        assertThat(confirm.draft()).isEqualTo(new Draft(RESOURCE, DAY, SLOT, "Ana", null));
    }

    @Test
    void a_move_asks_for_no_name_and_ends_in_a_move() {
        var list = Conversation.none("old").begun("abc", Step.BOOKINGS).shown(NOW, LASTS);
        assertThat(press(list, new Choice.Move(BOOKING))).isEqualTo(new Wish.BeginMove(BOOKING));
        var confirm = list.moving(BOOKING, RESOURCE).withDay(DAY).withTime(SLOT).shown(NOW, LASTS);
        assertThat(confirm.step()).isEqualTo(Step.CONFIRM);
        assertThat(press(confirm, new Choice.Confirm())).isEqualTo(new Wish.Move(BOOKING));
    }

    @Test
    void a_booking_is_cancelled_when_it_was_asked_whether_it_is_to_be() {
        var list = Conversation.none("old").begun("abc", Step.BOOKINGS).shown(NOW, LASTS);
        assertThat(press(list, new Choice.Cancel(BOOKING))).isEqualTo(new Wish.AskToCancel(BOOKING));
        assertThat(press(list, new Choice.Confirm())).isEqualTo(new Wish.Nothing(new Notice.NoSuchButton()));
        var asked = list.askingToCancel(BOOKING).shown(NOW, LASTS);
        assertThat(press(asked, new Choice.Confirm())).isEqualTo(new Wish.Cancel(BOOKING));
    }

    @Test
    void a_button_counts_once_since_the_next_screen_is_another_turn() {
        var confirm = atConfirm();
        var pressed = confirm.data(new Choice.Confirm());
        assertThat(press(confirm, pressed)).isEqualTo(new Wish.Book());
        assertThat(press(confirm.shown(NOW, LASTS), pressed)).isEqualTo(new Wish.Nothing(new Notice.NoSuchButton()));
        assertThat(press(confirm.ended(), pressed)).isEqualTo(new Wish.Nothing(new Notice.NoSuchButton()));
    }

    @Test
    void a_button_of_an_earlier_conversation_or_of_another_chat_counts_for_nothing() {
        var confirm = atConfirm();
        var again = confirm.begun("xyz", Step.SERVICE).shown(NOW, LASTS);
        assertThat(press(again, confirm.data(new Choice.Stop())))
                .isEqualTo(new Wish.Nothing(new Notice.NoSuchButton()));
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void no_step_takes_the_button_of_another(Step step) {
        var draft = new Draft(RESOURCE, DAY, SLOT, "Ana", null);
        var at = new Conversation("abc", 3, step, draft, NOW.plus(LASTS));
        var refused = new Wish.Nothing(new Notice.NoSuchButton());
        if (step != Step.SERVICE) {
            assertThat(press(at, new Choice.Service(RESOURCE))).isEqualTo(refused);
        }
        if (step != Step.DAY) {
            assertThat(press(at, new Choice.Day(DAY))).isEqualTo(refused);
        }
        if (step != Step.TIME) {
            assertThat(press(at, new Choice.Time(SLOT))).isEqualTo(refused);
        }
        if (step != Step.NAME) {
            assertThat(press(at, new Choice.OwnName())).isEqualTo(refused);
        }
        if (step != Step.CONFIRM) {
            assertThat(press(at, new Choice.Confirm())).isEqualTo(refused);
        }
        if (step != Step.BOOKINGS) {
            assertThat(press(at, new Choice.Move(BOOKING))).isEqualTo(refused);
            assertThat(press(at, new Choice.Cancel(BOOKING))).isEqualTo(refused);
            assertThat(press(at, new Choice.Keep(BOOKING))).isEqualTo(refused);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "abc",
                "abc.1",
                "abc.1.",
                "abc.1.c.c",
                "abc.01.c",
                "abc.-1.c",
                "ABC.1.c",
                "abc.1.zzz",
                "\u0000"
            })
    void forged_data_counts_for_nothing(String forged) {
        assertThat(press(atConfirm().begun("abc", Step.CONFIRM).shown(NOW, LASTS), forged))
                .isEqualTo(new Wish.Nothing(new Notice.NoSuchButton()));
    }

    @Test
    void a_conversation_ends_by_itself() {
        var confirm = atConfirm();
        var book = new Heard.Pressed(confirm.data(new Choice.Confirm()), "q", 1);
        assertThat(confirm.hear(book, "Ana", NOW.plus(LASTS).minusNanos(1))).isEqualTo(new Wish.Book());
        assertThat(confirm.hear(book, "Ana", NOW.plus(LASTS))).isEqualTo(new Wish.Nothing(new Notice.TooLate()));
        var name = begun().withService(RESOURCE).withDay(DAY).withTime(SLOT).shown(NOW, LASTS);
        assertThat(name.hear(new Heard.Said("Ana"), "", NOW.plus(LASTS)))
                .isEqualTo(new Wish.Nothing(new Notice.TooLate()));
    }

    @Test
    void commands_are_heard_at_every_step() {
        for (var step : Step.values()) {
            var at = new Conversation("abc", 1, step, Draft.EMPTY, Instant.EPOCH);
            assertThat(at.hear(new Heard.Command("book"), "", NOW)).isEqualTo(new Wish.Begin());
            assertThat(at.hear(new Heard.Command("bookings"), "", NOW)).isEqualTo(new Wish.ShowBookings());
            assertThat(at.hear(new Heard.Command("cancel"), "", NOW)).isEqualTo(new Wish.Stop());
            assertThat(at.hear(new Heard.Command("start"), "", NOW)).isEqualTo(new Wish.Help());
            assertThat(at.hear(new Heard.Command("sudo"), "", NOW))
                    .isEqualTo(new Wish.Nothing(new Notice.NotUnderstood()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\n", "a\u0007b", "\ud800"})
    void what_can_be_no_name_is_asked_for_again(String text) {
        var name = begun().withService(RESOURCE).withDay(DAY).withTime(SLOT).shown(NOW, LASTS);
        assertThat(name.hear(new Heard.Said(text), "", NOW)).isEqualTo(new Wish.Nothing(new Notice.NoName()));
        assertThat(name.hear(new Heard.Said("x".repeat(201)), "", NOW))
                .isEqualTo(new Wish.Nothing(new Notice.NoName()));
    }

    @Test
    void a_name_is_kept_when_another_time_is_chosen() {
        var again = atConfirm().atTimes().withTime(UUID.randomUUID());
        assertThat(again.step()).isEqualTo(Step.CONFIRM);
        assertThat(again.draft().name()).isEqualTo("Ana");
    }

    @Test
    void back_leads_to_the_step_before() {
        var confirm = atConfirm();
        assertThat(confirm.back().step()).isEqualTo(Step.TIME);
        assertThat(confirm.back().back().step()).isEqualTo(Step.DAY);
        assertThat(confirm.back().back().back().step()).isEqualTo(Step.SERVICE);
        assertThat(begun().moving(BOOKING, RESOURCE).back().step()).isEqualTo(Step.BOOKINGS);
    }
}
