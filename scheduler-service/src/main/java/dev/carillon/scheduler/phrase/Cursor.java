package dev.carillon.scheduler.phrase;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place among the tokens, from which the rules of the grammar take what they know. A rule that fails goes back to where it began. */
final class Cursor {
    private static final Token END = new Token(Token.Kind.SIGN, "\n", -1, false);

    private final List<Token> tokens;
    private int at;
    private int furthest;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    int mark() {
        return at;
    }

    /** Goes back to {@code mark}; always false, so that a rule can end with it. */
    boolean back(int mark) {
        at = mark;
        return false;
    }

    boolean isAtEnd() {
        return at == tokens.size();
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : END;
    }

    /** Whether such a word was taken that has nothing before it, as the T of 2026-12-24T09:00. */
    boolean tookGlued(String word) {
        return tokens.subList(0, at).stream()
                .anyMatch(token -> token.glued()
                        && token.kind() == Token.Kind.WORD
                        && token.text().equals(word));
    }

    void skip() {
        at++;
        furthest = Math.max(furthest, at);
    }

    /** The first token that no rule could take; null if all were taken. */
    @Nullable Token unread() {
        return furthest < tokens.size() ? tokens.get(furthest) : null;
    }

    boolean is(String word) {
        return peek().kind() == Token.Kind.WORD && peek().text().equals(word);
    }

    boolean word(String word) {
        return is(word) && taken();
    }

    boolean anyWord(String one, String other) {
        return word(one) || word(other);
    }

    /** Takes all the words, one after the other, or none. */
    boolean words(String... words) {
        int mark = mark();
        for (var word : words) {
            if (!word(word)) {
                return back(mark);
            }
        }
        return true;
    }

    /** Takes the word if {@code meanings} has it. */
    <T> @Nullable T oneOf(Map<String, T> meanings) {
        var meaning = peek().kind() == Token.Kind.WORD ? meanings.get(peek().text()) : null;
        if (meaning != null) {
            skip();
        }
        return meaning;
    }

    boolean sign(char sign) {
        return peek().isSign(sign) && taken();
    }

    /** A sign with nothing before it. */
    boolean gluedSign(char sign) {
        return peek().glued() && sign(sign);
    }

    /** A number of {@code least} to {@code most} digits with nothing before it; otherwise -1. */
    int gluedNumber(int least, int most) {
        return peek().glued() ? number(least, most) : -1;
    }

    /** A number of {@code least} to {@code most} digits; otherwise -1. */
    int number(int least, int most) {
        var token = peek();
        int digits = token.text().length();
        if (token.kind() != Token.Kind.NUMBER || digits < least || digits > most) {
            return -1;
        }
        skip();
        return token.value();
    }

    private boolean taken() {
        skip();
        return true;
    }
}
