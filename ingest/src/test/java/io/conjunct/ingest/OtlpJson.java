// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Writes OTLP messages as OTLP/JSON has them: ids in hexadecimal, enums as numbers, 64-bit numbers as text. */
public final class OtlpJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> IDS = Set.of("trace_id", "span_id", "parent_span_id");

    private OtlpJson() {}

    public static byte[] of(Message message) {
        return of(message, entries -> {});
    }

    /** The same with the keys of each object in another order. */
    public static byte[] shuffled(Message message, Random random) {
        return of(message, entries -> Collections.shuffle(entries, random));
    }

    private static byte[] of(Message message, Consumer<List<?>> order) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(message, json, order);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Message message, JsonGenerator json, Consumer<List<?>> order) throws IOException {
        json.writeStartObject();
        List<Map.Entry<FieldDescriptor, Object>> entries =
                new ArrayList<>(message.getAllFields().entrySet());
        order.accept(entries);
        for (Map.Entry<FieldDescriptor, Object> entry : entries) {
            FieldDescriptor field = entry.getKey();
            json.writeFieldName(field.getJsonName());
            if (field.isRepeated()) {
                json.writeStartArray();
                for (Object each : (List<?>) entry.getValue()) {
                    value(field, each, json, order);
                }
                json.writeEndArray();
            } else {
                value(field, entry.getValue(), json, order);
            }
        }
        json.writeEndObject();
    }

    private static void value(FieldDescriptor field, Object value, JsonGenerator json, Consumer<List<?>> order)
            throws IOException {
        JavaType type = field.getJavaType();
        if (value instanceof Message message) {
            write(message, json, order);
        } else if (value instanceof ByteString bytes) {
            json.writeString(
                    IDS.contains(field.getName())
                            ? HexFormat.of().formatHex(bytes.toByteArray())
                            : Base64.getEncoder().encodeToString(bytes.toByteArray()));
        } else if (value instanceof com.google.protobuf.Descriptors.EnumValueDescriptor constant) {
            json.writeNumber(constant.getNumber());
        } else if (type == JavaType.LONG) {
            boolean unsigned =
                    field.getType() == FieldDescriptor.Type.FIXED64 || field.getType() == FieldDescriptor.Type.UINT64;
            json.writeString(unsigned ? Long.toUnsignedString((Long) value) : value.toString());
        } else if (value instanceof Integer number) {
            boolean unsigned =
                    field.getType() == FieldDescriptor.Type.FIXED32 || field.getType() == FieldDescriptor.Type.UINT32;
            json.writeNumber(unsigned ? Integer.toUnsignedLong(number) : (long) number);
        } else if (value instanceof Double number) {
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeString(number.toString());
            }
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString(value.toString());
        }
    }
}
