package dev.carillon.scheduler.phrase;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, number, zone name or sign of a phrase, in lower case.
 *
 * @param position where it begins in the phrase
 * @param glued whether nothing stands between it and what is before it
 */
record Token(Kind kind, String text, int position, boolean glued) {
    enum Kind {
        NUMBER,
        WORD,
        ZONE,
        SIGN
    }

    /** The tokens of a phrase. What is neither letter, digit nor space becomes a sign; no grammar rule takes an unknown one. */
    static List<Token> of(String phrase) {
        var tokens = new ArrayList<Token>();
        var folded = folded(phrase);
        int end = 0;
        for (int i = 0; i < folded.length; ) {
            if (folded[i] == ' ') {
                i++;
                continue;
            }
            int next = endOfToken(folded, i);
            tokens.add(new Token(
                    kind(folded, i, next), new String(folded, i, next - i), i, !tokens.isEmpty() && i == end));
            end = next;
            i = next;
        }
        return tokens;
    }

    /** The value of a number of up to five digits; otherwise -1. */
    int value() {
        return kind == Kind.NUMBER && text.length() <= 5 ? Integer.parseInt(text) : -1;
    }

    boolean isSign(char sign) {
        return kind == Kind.SIGN && text.charAt(0) == sign;
    }

    /** Where the folding is one character for one, positions stay those of the phrase. */
    private static char[] folded(String phrase) {
        var folded = phrase.toCharArray();
        for (int i = 0; i < folded.length; i++) {
            char c = folded[i];
            if (c >= '\uff01' && c <= '\uff5e') {
                c = (char) (c - '\uff01' + '!');
            }
            folded[i] = switch (c) {
                case '\t', '\n', '\r', '\u00a0', '\u2009', '\u202f', '\u3000' -> ' ';
                case '\u2018', '\u2019' -> '\'';
                case '\u2010', '\u2011', '\u2013' -> '-';
                default -> c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
            };
        }
        return folded;
    }

    private static int endOfToken(char[] text, int from) {
        int to = from + 1;
        if (isDigit(text[from])) {
            while (to < text.length && isDigit(text[to])) {
                to++;
            }
        } else if (isLetter(text[from])) {
            to = endOfLetters(text, to);
            if (to + 1 < text.length && text[to] == '/' && isLetter(text[to + 1])) {
                while (to < text.length && isInZoneName(text[to])) {
                    to++;
                }
            }
        }
        return to;
    }

    private static int endOfLetters(char[] text, int from) {
        int to = from;
        while (to < text.length && (isLetter(text[to]) || text[to] == '\'')) {
            to++;
        }
        return to;
    }

    private static Kind kind(char[] text, int from, int to) {
        if (isDigit(text[from])) {
            return Kind.NUMBER;
        }
        if (!isLetter(text[from])) {
            return Kind.SIGN;
        }
        for (int i = from; i < to; i++) {
            if (text[i] == '/') {
                return Kind.ZONE;
            }
        }
        return Kind.WORD;
    }

    private static boolean isInZoneName(char c) {
        return isLetter(c) || isDigit(c) || c == '/' || c == '_' || c == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }
}
