// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Every check of OTLP's specification, C1 to C52, has a test that bears its number, for each transport that it concerns.
 * The numbers are explained in docs/otlp.md.
 */
class ConformanceCoverageTest {
    private static final Pattern NUMBER = Pattern.compile("c(\\d+)_");
    private static final Set<String> ALL = Set.of("grpc", "http_protobuf", "http_json");

    private static final Map<Class<?>, Set<String>> TESTS = Map.of(
            EveryDoorConformanceTest.class, ALL,
            GrpcConformanceTest.class, Set.of("grpc"),
            HttpConformanceTest.class, Set.of("http_protobuf"),
            JsonConformanceTest.class, Set.of("http_json"));

    @Test
    void everyNumber_hasATest_forEveryTransportItConcerns() {
        Map<Integer, Set<String>> tested = new TreeMap<>();
        TESTS.forEach((type, transports) -> {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class)) {
                    for (int number : numbers(method.getName())) {
                        tested.computeIfAbsent(number, n -> new TreeSet<>()).addAll(transports);
                    }
                }
            }
        });
        Map<Integer, Set<String>> missing = new TreeMap<>();
        for (int number = 1; number <= 52; number++) {
            Set<String> needed = new TreeSet<>(concerned(number));
            needed.removeAll(tested.getOrDefault(number, Set.of()));
            if (!needed.isEmpty()) {
                missing.put(number, needed);
            }
        }
        assertThat(missing).isEmpty();
        assertThat(tested.keySet()).allMatch(number -> number >= 1 && number <= 52);
    }

    private static List<Integer> numbers(String name) {
        return NUMBER.matcher(name)
                .results()
                .map((MatchResult result) -> Integer.valueOf(result.group(1)))
                .toList();
    }

    private static Set<String> concerned(int number) {
        if (isIn(number, 1, 4) || isIn(number, 10, 14) || number == 16 || number == 29 || number >= 43) {
            return ALL;
        }
        if (isIn(number, 5, 19)) {
            return Set.of("grpc");
        }
        if (isIn(number, 36, 42)) {
            return Set.of("http_json");
        }
        return Set.of("http_protobuf");
    }

    private static boolean isIn(int number, int from, int to) {
        return number >= from && number <= to;
    }
}
