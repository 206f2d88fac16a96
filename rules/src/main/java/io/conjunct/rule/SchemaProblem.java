// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.conjunct.check.Findings;
import io.conjunct.check.Place;
import io.conjunct.check.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Says in our words what the schema has refused, at its place in the file. */
final class SchemaProblem {
    /** What the same thing is called elsewhere. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("expr", "when"),
            Map.entry("query", "when"),
            Map.entry("condition", "when"),
            Map.entry("severity", "tier"),
            Map.entry("priority", "tier"),
            Map.entry("window", "over"),
            Map.entry("range", "over"),
            Map.entry("interval", "over"),
            Map.entry("filter", "where"),
            Map.entry("group_by", "by"),
            Map.entry("join", "on"),
            Map.entry("name", "alert"),
            Map.entry("team", "owner"),
            Map.entry("resolve", "until"),
            Map.entry("duration", "for"),
            Map.entry("regex", "matches"),
            Map.entry("alerts", "rules"));

    private static final Map<String, String> TYPES = Map.of(
            "string", "a text",
            "number", "a number",
            "integer", "a whole number",
            "boolean", "true or false",
            "array", "a list",
            "object", "a mapping");

    private final JsonNode schema;
    private final Node document;
    private final Findings findings;
    private final Set<Misspelt> misspelt = new HashSet<>();

    /** A key that somebody wrote in another way: its absence is no second finding. */
    private record Misspelt(Place table, String key) {}

    SchemaProblem(JsonNode schema, Node document, Findings findings) {
        this.schema = schema;
        this.document = document;
        this.findings = findings;
    }

    void report(List<Error> errors) {
        errors.stream()
                .filter(e -> e.getKeyword().equals("additionalProperties"))
                .forEach(this::report);
        errors.stream()
                .filter(e -> !e.getKeyword().equals("additionalProperties"))
                .forEach(this::report);
    }

    private void report(Error error) {
        Node node = document;
        String key = "";
        NodePath path = error.getInstanceLocation();
        Place keyPlace = document.place();
        for (int i = 0; i < path.getNameCount(); i++) {
            Object step = path.getElement(i);
            if (node instanceof Node.Sequence sequence && step instanceof Integer index) {
                node = sequence.items().get(index);
            } else if (node instanceof Node.Table table) {
                key = String.valueOf(step);
                String wanted = key;
                Optional<Node.Entry> entry = table.entries().stream()
                        .filter(e -> e.key().text().equals(wanted))
                        .findFirst();
                if (entry.isEmpty()) {
                    break;
                }
                keyPlace = entry.get().key().place();
                node = entry.get().value();
            }
        }
        String property = Objects.requireNonNullElse(error.getProperty(), "");
        switch (error.getKeyword()) {
            case "additionalProperties" -> unknownKey(error, node, property);
            case "required" -> missingKey(node, property);
            case "type" -> wrongType(error, node, key, keyPlace);
            case "enum" -> unknownWord(error, node, key);
            case "minItems", "minProperties", "minLength" ->
                findings.error(
                        "value/empty", node.place(), "`" + key + "` is empty", "write at least one, or remove the key");
            case "uniqueItems" ->
                findings.error(
                        "value/twice", node.place(), "`" + key + "` names the same thing twice", "remove one of them");
            case "minimum", "maximum" ->
                findings.error(
                        "value/out-of-range",
                        node.place(),
                        "`" + key + "` " + error.getMessage(),
                        "choose a number within these limits");
            case "pattern", "propertyNames" -> {
                // Names and durations are read with better words.
            }
            default -> findings.error("value/invalid", node.place(), "`" + key + "` " + error.getMessage(), "");
        }
    }

    private void unknownKey(Error error, Node node, String property) {
        List<String> known = new ArrayList<>();
        definition(error).path("properties").fieldNames().forEachRemaining(known::add);
        Place place = node.place();
        if (node instanceof Node.Table table) {
            place = table.entries().stream()
                    .map(Node.Entry::key)
                    .filter(k -> k.text().equals(property))
                    .findFirst()
                    .map(Node.Scalar::place)
                    .orElse(place);
            known.removeIf(k -> table.get(k).isPresent());
        }
        String synonym = OTHER_NAMES.getOrDefault(property, "");
        Optional<String> meant = known.contains(synonym) ? Optional.of(synonym) : Spelling.nearest(property, known);
        meant.ifPresent(m -> misspelt.add(new Misspelt(node.place(), m)));
        String fix = meant.map(m -> "did you mean `" + m + "`?").orElseGet(() -> Spelling.hint(property, known));
        findings.error("key/unknown", place, "unknown key `" + property + "`", fix);
    }

    private void missingKey(Node node, String property) {
        // The check rule/missing-owner says this better.
        if (!property.equals("owner") && !misspelt.contains(new Misspelt(node.place(), property))) {
            findings.error("key/missing", node.place(), "`" + property + "` is missing", "add `" + property + ":`");
        }
    }

    private void wrongType(Error error, Node node, String key, Place keyPlace) {
        JsonNode definition = definition(error);
        List<String> wanted = new ArrayList<>();
        JsonNode types = definition.path("type");
        if (types.isArray()) {
            types.forEach(t -> wanted.add(TYPES.getOrDefault(t.asText(), t.asText())));
        } else {
            wanted.add(TYPES.getOrDefault(types.asText(), types.asText()));
        }
        String example = definition.path("examples").path(0).toString();
        boolean nothing = node instanceof Node.Scalar s && s.type() == Node.Scalar.Type.NOTHING;
        boolean duration = node instanceof Node.Scalar s
                && s.type() == Node.Scalar.Type.NUMBER
                && definition.path("pattern").asText().contains("ms|s|m");
        findings.error(
                "value/type",
                nothing ? keyPlace : node.place(),
                key.isEmpty()
                        ? "a rule file is a mapping, this is " + describe(node)
                        : "`" + key + "` is " + describe(node),
                key.isEmpty()
                        ? "write `groups:` and under it a list of groups"
                        : duration
                                ? "write its unit, as in " + ((Node.Scalar) node).text() + "m"
                                : "expected " + (wanted.size() > 3 ? "a value" : String.join(" or ", wanted))
                                        + (example.isEmpty() || example.length() > 60 ? "" : ", as in " + example));
    }

    private void unknownWord(Error error, Node node, String key) {
        List<String> words = new ArrayList<>();
        definition(error).path("enum").forEach(w -> words.add(w.asText()));
        String word = node instanceof Node.Scalar s ? s.text() : "";
        if (word.isEmpty()) {
            return; // Its type is wrong, which has been said.
        }
        findings.error("value/unknown", node.place(), "`" + word + "` is no " + key, Spelling.hint(word, words));
    }

    /** The part of the schema that the refused value should have followed. */
    private JsonNode definition(Error error) {
        String keyword = String.valueOf(error.getSchemaLocation().getFragment());
        return schema.at(keyword.substring(0, Math.max(0, keyword.lastIndexOf('/'))));
    }

    private static String describe(Node node) {
        if (node instanceof Node.Scalar scalar) {
            return switch (scalar.type()) {
                case TEXT -> "a text";
                case NUMBER -> "a number";
                case BOOLEAN -> "true or false";
                case NOTHING -> "empty";
            };
        }
        return node instanceof Node.Table ? "a mapping" : "a list";
    }
}
