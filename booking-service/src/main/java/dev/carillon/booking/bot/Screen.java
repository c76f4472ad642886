package dev.carillon.booking.bot;

import java.util.ArrayList;
import java.util.List;

/**
 * What is seen of a turn: a text and buttons under it.
 *
 * @param html in Telegram's HTML; what others wrote is escaped in it
 * @param rows of buttons, at most 100 in all
 */
public record Screen(String html, List<List<Key>> rows) {
    /** @param label plain text */
    public record Key(String label, Choice choice) {}

    static Screen of(String html) {
        return new Screen(html, List.of());
    }

    Screen row(Key... keys) {
        var more = new ArrayList<>(rows);
        more.add(List.of(keys));
        return new Screen(html, more);
    }

    /** So many beside each other. */
    Screen grid(List<Key> keys, int wide) {
        var more = new ArrayList<>(rows);
        for (int at = 0; at < keys.size(); at += wide) {
            more.add(List.copyOf(keys.subList(at, Math.min(keys.size(), at + wide))));
        }
        return new Screen(html, more);
    }

    /** With something to be said first. */
    Screen after(String notice) {
        return new Screen(notice + "\n\n" + html, rows);
    }
}
