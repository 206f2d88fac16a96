// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.console;

import io.conjunct.sink.http.AllowedHosts;
import io.conjunct.sink.receiver.Receiver;
import io.conjunct.sink.receiver.ReceiverSettings;
import io.conjunct.sink.receiver.Surroundings;
import io.conjunct.sink.yaml.Section;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code console: {format: json|text}}; JSON when nothing is said. */
public record ConsoleSettings(Format format) implements ReceiverSettings {
    /** How an alert is written. */
    public enum Format {
        /** One line of JSON, for machines. */
        JSON,
        /** A few plain lines, for people. */
        TEXT
    }

    /** Reads the section of the receivers file. */
    public static Optional<ReceiverSettings> read(Section section, AllowedHosts hosts) {
        Format format = section.choice("format", List.of("json", "text"))
                .map(word -> Format.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Format.JSON);
        return Optional.of(new ConsoleSettings(format));
    }

    @Override
    public Receiver open(Surroundings around) {
        return new Console(around.console(), format);
    }
}
