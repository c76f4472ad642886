package dev.carillon.delivery.channel;

/** A secret that a receiver verifies by, {@code whsec_…}. Its text does not show it. */
public final class SigningSecret {
    private final String text;

    public SigningSecret(String text) {
        this.text = text;
    }

    /** The secret itself: for signing, and for whoever it was made for. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "whsec_…";
    }
}
