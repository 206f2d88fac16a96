// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import io.conjunct.check.Place;
import io.conjunct.check.Spelling;
import io.conjunct.rule.Node;
import io.conjunct.sink.receiver.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of a file, asked for by name. What is missing or wrong is added to the {@link Problems} and comes back
 * empty; {@link #finish} tells the keys nobody asked for. So the code that reads a section is its schema.
 */
public final class Section {
    private static final int MAX_SHOWN = 60;

    private final Node.Table mapping;
    private final String name;
    private final Problems problems;
    private final SecretSource secrets;
    private final Set<String> asked = new TreeSet<>();

    Section(Node.Table mapping, String name, Problems problems, SecretSource secrets) {
        this.mapping = mapping;
        this.name = name;
        this.problems = problems;
        this.secrets = secrets;
    }

    /** Where it begins. */
    public Place place() {
        return mapping.start();
    }

    /** The place of a key's value; the section's own when the key is missing. */
    public Place place(String key) {
        Node.Entry entry = entry(key);
        return entry == null ? place() : at(entry.value());
    }

    /** The keys that are there, in the order of the file. */
    public List<String> keys() {
        return mapping.entries().stream().map(entry -> entry.key().text()).toList();
    }

    public boolean has(String key) {
        return entry(key) != null;
    }

    /** Adds a problem at the value of a key. */
    public void problem(String key, String id, String sentence) {
        problems.add(place(key), id, sentence);
    }

    /** A text that is no secret. */
    public Optional<String> text(String key) {
        return value(key).flatMap(node -> scalar(key, node));
    }

    /** A text out of these. */
    public Optional<String> choice(String key, List<String> choices) {
        Optional<String> text = text(key);
        if (text.isPresent() && !choices.contains(text.get())) {
            problem(
                    key,
                    "receivers/value",
                    key + ": " + shown(text.get()) + " (expected: " + String.join(" or ", choices) + ")"
                            + hint(text.get(), choices));
            return Optional.empty();
        }
        return text;
    }

    /** A text that may be written out or come from the environment. */
    public Optional<String> textOrReference(String key) {
        Optional<String> text = text(key);
        if (text.isPresent() && SecretSource.isReference(text.get())) {
            return resolve(key, () -> secrets.environment(text.get())).map(Secret::reveal);
        }
        return text;
    }

    /** A secret: {@code key: "${env:NAME}"} or {@code key_file: path}; never written out, at most one of both. */
    public Optional<Secret> secret(String key) {
        String fileKey = key + "_file";
        Optional<String> reference = text(key);
        Optional<String> file = text(fileKey);
        if (has(key) && has(fileKey)) {
            problem(fileKey, "receivers/value", key + " and " + fileKey + " both stand here; delete one");
            return Optional.empty();
        }
        if (file.isPresent()) {
            return resolve(fileKey, () -> secrets.file(file.get()));
        }
        if (reference.isPresent() && !SecretSource.isReference(reference.get())) {
            problem(
                    key,
                    "receivers/literal-secret",
                    key + ": a secret written into the file; write " + key + ": \"${env:NAME}\" or " + fileKey
                            + ": PATH, and replace the secret, it has been seen");
            return Optional.empty();
        }
        return reference.flatMap(text -> resolve(key, () -> secrets.environment(text)));
    }

    /** Like {@link #secret}, but a problem when it is missing. */
    public Optional<Secret> requiredSecret(String key) {
        if (!has(key) && !has(key + "_file")) {
            asked.add(key);
            asked.add(key + "_file");
            problems.add(
                    place(),
                    "receivers/missing-key",
                    name + ": " + key + " is missing; write " + key + ": \"${env:NAME}\" or " + key + "_file: PATH");
            return Optional.empty();
        }
        return secret(key);
    }

    /** Keys and values below a key; an empty value is an empty section. */
    public Optional<Section> section(String key) {
        return value(key).flatMap(node -> {
            String path = name.isEmpty() ? key : name + "." + key;
            if (node instanceof Node.Table below) {
                return Optional.of(new Section(below, path, problems, secrets));
            }
            if (isNothing(node)) {
                return Optional.of(new Section(new Node.Table(at(node), List.of()), path, problems, secrets));
            }
            wrongType(key, node, "keys and values");
            return Optional.empty();
        });
    }

    /** A list of sections; empty when the key is missing. */
    public List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        for (Node item : items(key)) {
            if (item instanceof Node.Table below) {
                sections.add(new Section(below, key + "[" + sections.size() + "]", problems, secrets));
            } else {
                wrongType(key, item, "keys and values in each item");
            }
        }
        return sections;
    }

    /** A list whose items are texts or sections, in their order; nothing when the key is missing. */
    public void each(String key, BiConsumer<String, Place> text, Consumer<Section> section) {
        int index = 0;
        for (Node item : items(key)) {
            if (item instanceof Node.Table below) {
                section.accept(new Section(below, key + "[" + index + "]", problems, secrets));
            } else {
                scalar(key, item).ifPresent(words -> text.accept(words, at(item)));
            }
            index++;
        }
    }

    /** A list of texts and where each stands; empty when the key is missing. */
    public Map<String, Place> texts(String key) {
        Map<String, Place> texts = new LinkedHashMap<>();
        for (Node item : items(key)) {
            scalar(key, item).ifPresent(text -> texts.putIfAbsent(text, at(item)));
        }
        return texts;
    }

    /** Tells the keys nobody asked for. Call it last. */
    public void finish() {
        for (Node.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (!asked.contains(key)) {
                unknown(entry.key().place(), "key", key, asked);
            }
        }
    }

    /** Adds the problem of a word (a key, a receiver) that is not one of these. */
    public void unknown(Place at, String what, String word, Collection<String> known) {
        problems.add(
                at,
                "receivers/unknown-" + what,
                (name.isEmpty() ? "" : name + ": ") + "unknown " + what + " `" + shown(word) + "`"
                        + hint(word, known)
                        + " (known here: " + String.join(", ", known) + ")");
    }

    /** The place of a key itself. */
    public Place keyPlace(String key) {
        Node.Entry entry = entry(key);
        return entry == null ? place() : entry.key().place();
    }

    private interface Lookup {
        Secret get();
    }

    private Optional<Secret> resolve(String key, Lookup lookup) {
        try {
            return Optional.of(lookup.get());
        } catch (IllegalArgumentException e) {
            problem(key, "receivers/secret", key + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<Node> items(String key) {
        Optional<Node> node = value(key);
        if (node.isPresent() && node.get() instanceof Node.Sequence sequence) {
            return sequence.items();
        }
        node.ifPresent(found -> wrongType(key, found, "a list"));
        return List.of();
    }

    private Optional<String> scalar(String key, Node node) {
        if (node instanceof Node.Scalar scalar && !isNothing(node)) {
            return Optional.of(scalar.text());
        }
        wrongType(key, node, "a text");
        return Optional.empty();
    }

    private void wrongType(String key, Node node, String expected) {
        problems.add(at(node), "receivers/type", key + ": expected " + expected + ", found " + kind(node));
    }

    /** What a value is called in a message. */
    static String kind(Node node) {
        if (node instanceof Node.Table) {
            return "keys and values";
        }
        if (node instanceof Node.Sequence) {
            return "a list";
        }
        return isNothing(node) ? "nothing" : "a text";
    }

    private static boolean isNothing(Node node) {
        return node instanceof Node.Scalar scalar
                && (scalar.type() == Node.Scalar.Type.NOTHING || scalar.text().isEmpty());
    }

    /** Where a value begins: of a mapping in braces the brace. */
    private static Place at(Node node) {
        return node instanceof Node.Table table ? table.start() : node.place();
    }

    private static String hint(String word, Collection<String> known) {
        return Spelling.nearest(word, known)
                .map(nearest -> "; did you mean `" + nearest + "`?")
                .orElse("");
    }

    private Optional<Node> value(String key) {
        asked.add(key);
        Node.Entry entry = entry(key);
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    private Node.@Nullable Entry entry(String key) {
        for (Node.Entry entry : mapping.entries()) {
            if (entry.key().text().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    /** A key or harmless value as a message shows it: on one line, and not a whole secret pasted in the wrong place. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.codePointCount(0, line.length()) <= MAX_SHOWN
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 8)) + "…";
    }
}
