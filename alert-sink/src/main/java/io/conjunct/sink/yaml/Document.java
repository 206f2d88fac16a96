// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the text of a YAML file into {@link Section}s. Values keep the place they stand at; a key that stands twice,
 * an anchor or alias, a second document, and nesting deeper than {@value #MAX_DEPTH} are problems.
 */
public final class Document {
    private static final int MAX_DEPTH = 20;

    private final Problems problems;
    private final YAMLParser parser;

    private Document(YAMLParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /** The keys and values at the top of the file; empty, with a problem, when it has none. */
    public static Optional<Section> read(String text, Problems problems, SecretSource secrets) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            Document document = new Document(parser, problems);
            if (parser.nextToken() == null) {
                problems.add(new Place(1, 1), "receivers/empty", "the file is empty; write `receivers:` and `routes:`");
                return Optional.empty();
            }
            Node node = document.value(0);
            if (parser.nextToken() != null) {
                problems.add(document.here(), "receivers/second-document", "a second document; one file holds one");
            }
            if (node instanceof Node.Mapping mapping) {
                return Optional.of(new Section(mapping, "", problems, secrets));
            }
            problems.add(node.place(), "receivers/type", "expected keys and values, found " + node.kind());
        } catch (JsonProcessingException e) {
            // Not its message: it repeats the line, which may hold a secret.
            JsonLocation at = e.getLocation();
            problems.add(
                    at == null ? new Place(1, 1) : place(at),
                    "receivers/syntax",
                    "not YAML; look for a missing space after a colon, an open quote or bracket, or a tab");
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory can be read", e);
        }
        return Optional.empty();
    }

    private Node value(int depth) throws IOException {
        Place place = here();
        if (depth > MAX_DEPTH) {
            problems.add(place, "receivers/depth", "nested deeper than " + MAX_DEPTH + " levels");
            parser.skipChildren();
            return new Node.Scalar(place, "");
        }
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            problems.add(place, "receivers/alias", "an anchor or alias; write the value out");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping(place, depth);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Node> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(depth + 1));
            }
            return new Node.Sequence(place, items);
        }
        return new Node.Scalar(place, token == JsonToken.VALUE_NULL ? "" : parser.getText());
    }

    private Node mapping(Place place, int depth) throws IOException {
        List<Node.Entry> entries = new ArrayList<>();
        Map<String, Place> seen = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Place keyPlace = here();
            String key = parser.currentName();
            Place first = seen.putIfAbsent(key, keyPlace);
            parser.nextToken();
            Node value = value(depth + 1);
            if (first == null) {
                entries.add(new Node.Entry(keyPlace, key, value));
            } else {
                problems.add(
                        keyPlace,
                        "receivers/duplicate-key",
                        "`" + Section.shown(key) + "` stands already at " + first + "; delete one");
            }
        }
        return new Node.Mapping(place, entries);
    }

    private Place here() {
        return place(parser.currentTokenLocation());
    }

    private static Place place(JsonLocation location) {
        return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }
}
