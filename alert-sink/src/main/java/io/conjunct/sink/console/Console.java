// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.console;

import io.conjunct.alert.Alert;
import io.conjunct.alert.AlertJson;
import io.conjunct.sink.message.Message;
import io.conjunct.sink.receiver.FailureReason;
import io.conjunct.sink.receiver.Outcome;
import io.conjunct.sink.receiver.Receiver;
import java.io.PrintStream;

/**
 * Writes to the console: as JSON one line per delivery, exactly what {@link AlertJson} writes; as text the few lines of
 * {@link Message} and an empty one. A console that is closed refuses: nobody will reopen it.
 */
final class Console implements Receiver {
    private final PrintStream out;
    private final ConsoleSettings.Format format;

    Console(PrintStream out, ConsoleSettings.Format format) {
        this.out = out;
        this.format = format;
    }

    @Override
    public Outcome deliver(Alert alert) {
        String text = format == ConsoleSettings.Format.JSON
                ? AlertJson.write(alert)
                : Message.of(alert).text() + "\n";
        synchronized (out) {
            out.println(text);
            out.flush();
            return out.checkError()
                    ? new Outcome.Refused(FailureReason.OTHER, "the console is closed")
                    : new Outcome.Delivered();
        }
    }
}
