package dev.carillon.local.part;

import dev.carillon.local.Options;
import dev.carillon.local.Ports;
import dev.carillon.local.state.Credentials;
import dev.carillon.local.state.SigningKeys;
import dev.carillon.local.state.StateFolder;

/** What every part may have to know of the others. */
public record Stack(Options options, StateFolder folder, Credentials credentials, SigningKeys keys) {

    public static final String HOST = "127.0.0.1";

    public Ports ports() {
        return options.ports();
    }
}
