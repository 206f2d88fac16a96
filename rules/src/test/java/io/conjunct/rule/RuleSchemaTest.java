// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published schema: valid, and documented at every key. */
class RuleSchemaTest {

    @Test
    void everyKey_hasADescriptionAndAnExample() throws IOException {
        List<String> poor = new ArrayList<>();
        JsonNode schema = new ObjectMapper().readTree(RuleSchema.text());
        visit("", schema, poor);
        assertThat(poor).isEmpty();
    }

    private static void visit(String path, JsonNode node, List<String> poor) {
        node.path("properties").properties().forEach(p -> {
            if (p.getValue().path("description").asText().length() < 10
                    || p.getValue().path("examples").isEmpty()) {
                poor.add(path + "/" + p.getKey());
            }
        });
        node.properties().forEach(f -> {
            if (f.getValue().isObject()) {
                visit(path + "/" + f.getKey(), f.getValue(), poor);
            }
        });
    }

    @Test
    void schema_followsItsOwnSchema() {
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        assertThat(meta.validate(RuleSchema.text(), InputFormat.JSON)).isEmpty();
    }

    @Test
    void examples_followTheirDefinition() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(RuleSchema.text());
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        for (String definition : List.of("group", "signal", "slo", "matcher", "rule")) {
            schema.at("/$defs/" + definition + "/properties").properties().forEach(p -> {
                ObjectNode part = p.getValue().deepCopy();
                part.set("$defs", schema.get("$defs"));
                Schema own = registry.getSchema(part);
                for (JsonNode example : p.getValue().path("examples")) {
                    assertThat(own.validate(example))
                            .as(definition + "." + p.getKey() + " " + example)
                            .isEmpty();
                }
            });
        }
    }
}
