// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.conjunct.check.Findings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The published JSON Schema of rule files, and the check of a file against it: which keys there are, what type their
 * values have. What a value says is read later, so that one slip is reported once.
 */
public final class RuleSchema {
    private static final String RESOURCE = "conjunct.schema.json";

    private static final JsonNode JSON = parsed();

    private final Schema schema;

    RuleSchema() {
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON);
    }

    /** The schema as published, to be read and left as it is. */
    public static JsonNode json() {
        return JSON;
    }

    private static JsonNode parsed() {
        try {
            return new ObjectMapper().readTree(text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the schema is part of this jar", e);
        }
    }

    /** The schema as published: draft 2020-12. */
    public static String text() {
        try (InputStream in = Objects.requireNonNull(RuleSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void check(Node document, Findings findings) {
        new SchemaProblem(JSON, document, findings).report(schema.validate(json(document)));
    }

    private static JsonNode json(Node node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node instanceof Node.Table table) {
            ObjectNode object = json.objectNode();
            table.entries().forEach(e -> object.set(e.key().text(), json(e.value())));
            return object;
        }
        if (node instanceof Node.Sequence sequence) {
            ArrayNode array = json.arrayNode();
            sequence.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Node.Scalar scalar = (Node.Scalar) node;
        return switch (scalar.type()) {
            case TEXT -> json.textNode(scalar.text());
            case BOOLEAN ->
                json.booleanNode(scalar.text().startsWith("t") || scalar.text().startsWith("T"));
            case NOTHING -> json.nullNode();
            case NUMBER -> number(scalar.text());
        };
    }

    private static JsonNode number(String text) {
        try {
            BigDecimal value = new BigDecimal(text);
            // A huge exponent would be written out by the validator.
            if (Math.abs(value.scale()) < 400 && value.precision() < 400) {
                return JsonNodeFactory.instance.numberNode(value);
            }
        } catch (NumberFormatException e) {
            // 0x1f and 0o17: a number to YAML, to us only its text.
        }
        return JsonNodeFactory.instance.numberNode(0.5);
    }
}
