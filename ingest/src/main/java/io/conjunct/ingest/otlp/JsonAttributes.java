// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import io.conjunct.ingest.otlp.AttributeName.Reading;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a list of KeyValue objects in JSON encoding; the value may stand before its key. */
final class JsonAttributes {

    private boolean all;
    private @Nullable String text;
    private boolean isNumber;
    private double number;

    /** @param inFull whether attributes are read that are skipped elsewhere */
    void serve(boolean inFull) {
        all = inFull;
    }

    void read(JsonObject in, OtlpVisitor visitor) throws IOException {
        in.forEachObject(() -> {
            AttributeName name = null;
            text = null;
            isNumber = false;
            while (in.nextKey()) {
                if (in.keyIs("key")) {
                    name = visitor.name(in.text());
                } else if (in.keyIs("value") && (name == null || isRead(name))) {
                    in.object(() -> value(in));
                } else {
                    in.skip();
                }
            }
            if (name != null) {
                report(name, visitor);
            }
        });
    }

    private boolean isRead(AttributeName name) {
        return all || name.reading == Reading.TEXT || name.reading == Reading.NUMBER;
    }

    private void value(JsonObject in) throws IOException {
        while (in.nextKey()) {
            if (in.isNull() || text != null) {
                in.skip();
                continue;
            }
            switch (in.key()) {
                case "stringValue" -> text = in.text();
                case "boolValue" -> text = Boolean.toString(in.bool());
                case "intValue" -> {
                    long integer = in.integer64();
                    text = Long.toString(integer);
                    isNumber = true;
                    number = integer;
                }
                case "doubleValue" -> {
                    number = in.number();
                    text = Double.toString(number);
                    isNumber = true;
                }
                default -> in.skip();
            }
        }
    }

    private void report(AttributeName name, OtlpVisitor visitor) {
        if (!isRead(name)) {
            visitor.skipped(name.reading, 1);
        } else if (text == null) {
            visitor.attributeWithoutScalar(name);
        } else if (isNumber && name.reading == Reading.NUMBER) {
            visitor.number(name, number);
        } else {
            visitor.attribute(new Attribute(name, text));
        }
    }
}
