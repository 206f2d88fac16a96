// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** Runs the examples and the conformance suite, as {@code conjunct test} does: one test per scenario. */
final class ScenarioFilesTest {

    @TestFactory
    Stream<DynamicContainer> examples() throws IOException {
        return run("examples");
    }

    @TestFactory
    Stream<DynamicContainer> conformance() throws IOException {
        return run("conformance");
    }

    private static Stream<DynamicContainer> run(String directory) throws IOException {
        List<Path> files = Suite.find(List.of(Path.of(directory)));
        return files.stream().map(path -> {
            FileOutcome file = FileOutcome.of(ScenarioReader.read(path));
            if (!file.file().problems().isEmpty()) {
                return dynamicContainer(
                        path.toString(),
                        List.of(dynamicTest("can be used", () -> fail(TestReport.TEXT.of(suite(file), false)))));
            }
            return dynamicContainer(
                    path.toString(),
                    file.outcomes().stream()
                            .map(outcome -> dynamicTest(outcome.name(), () -> {
                                if (!outcome.passed()) {
                                    fail(TestReport.TEXT.of(suite(file), false));
                                }
                            })));
        });
    }

    private static Suite suite(FileOutcome file) {
        return new Suite(List.of(file));
    }
}
