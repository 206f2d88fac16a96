// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.io.IOException;

/** Reads a list of KeyValue objects in JSON encoding; the value may stand before its key. */
final class JsonAttributes {

    /** What an AnyValue turned out to hold. */
    private enum Type {
        NONE,
        TEXT,
        BOOL,
        INT,
        DOUBLE
    }

    private Type type = Type.NONE;
    private String text = "";
    private boolean bool;
    private long integer;
    private double number;

    void read(JsonObject in, OtlpVisitor visitor) throws IOException {
        in.forEachObject(() -> {
            AttributeName name = null;
            boolean unwanted = false;
            type = Type.NONE;
            while (in.nextKey()) {
                if (in.keyIs("key")) {
                    name = visitor.name(in.text());
                    unwanted = !visitor.wants(name);
                } else if (in.keyIs("value") && !unwanted) {
                    in.object(() -> value(in));
                } else {
                    in.skip();
                }
            }
            if (name != null && !unwanted) {
                report(name, visitor);
            }
        });
    }

    private void value(JsonObject in) throws IOException {
        while (in.nextKey()) {
            if (in.isNull() || type != Type.NONE) {
                in.skip();
                continue;
            }
            switch (in.key()) {
                case "stringValue" -> {
                    text = in.text();
                    type = Type.TEXT;
                }
                case "boolValue" -> {
                    bool = in.bool();
                    type = Type.BOOL;
                }
                case "intValue" -> {
                    integer = in.integer64();
                    type = Type.INT;
                }
                case "doubleValue" -> {
                    number = in.number();
                    type = Type.DOUBLE;
                }
                default -> in.skip();
            }
        }
    }

    private void report(AttributeName name, OtlpVisitor visitor) {
        switch (type) {
            case NONE -> visitor.attributeWithoutScalar(name);
            case TEXT -> visitor.attribute(name, text);
            case BOOL -> visitor.attribute(name, bool);
            case INT -> visitor.attribute(name, integer);
            case DOUBLE -> visitor.attribute(name, number);
        }
    }
}
