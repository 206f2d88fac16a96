// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.semconv.incubating.DbIncubatingAttributes;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of old names against the constants that OpenTelemetry publishes. */
class SemanticNamesTest {

    @Test
    void everyNewName_isInForce_andNoOldOneIs() throws Exception {
        Map<String, Boolean> deprecated = published();
        assertThat(deprecated).hasSizeGreaterThan(500).containsEntry("http.method", true);
        SemanticNames.renamed().forEach((old, today) -> {
            if (!today.equals(SemanticNames.CACHE_HIT)) {
                assertThat(deprecated).as(old + " -> " + today).containsEntry(today, false);
            }
            assertThat(deprecated.getOrDefault(old, true)).as(old).isTrue();
        });
    }

    @Test
    void everyNewName_isFinal() {
        assertThat(SemanticNames.renamed())
                .allSatisfy(
                        (old, today) -> assertThat(SemanticNames.current(today)).isEqualTo(today));
    }

    /** Every attribute of the conventions, stable or not, and whether it is deprecated. */
    private static Map<String, Boolean> published() throws Exception {
        Map<String, Boolean> deprecated = new TreeMap<>();
        for (Class<?> anchor : List.of(DbIncubatingAttributes.class, io.opentelemetry.semconv.DbAttributes.class)) {
            URI jar = URI.create("jar:"
                    + anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
                for (Class<?> type : attributes(files)) {
                    for (Field field : type.getFields()) {
                        if (field.get(null) instanceof AttributeKey<?> key) {
                            boolean old = field.isAnnotationPresent(Deprecated.class)
                                    || type.isAnnotationPresent(Deprecated.class);
                            deprecated.merge(key.getKey(), old, Boolean::logicalAnd);
                        }
                    }
                }
            }
        }
        return deprecated;
    }

    private static List<Class<?>> attributes(FileSystem files) throws IOException {
        try (Stream<Path> classes = Files.walk(files.getPath("/io"))) {
            return classes.map(Path::toString)
                    .filter(path -> path.endsWith("Attributes.class"))
                    .<Class<?>>map(path -> {
                        String name = path.substring(1, path.length() - ".class".length());
                        try {
                            return Class.forName(name.replace('/', '.'));
                        } catch (ClassNotFoundException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }
    }
}
