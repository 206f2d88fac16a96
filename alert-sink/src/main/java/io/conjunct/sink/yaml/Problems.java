// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.sink.yaml;

import io.conjunct.check.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * All that is wrong with a file, so that it is told at once. A problem names its place and its fix; it shows keys and
 * harmless values only, never a line of the file, for the line may hold the secret the problem is about. At most
 * {@value #MAX}; the rest is counted.
 */
public final class Problems {
    private static final int MAX = 50;

    private record Problem(Place place, String text) {}

    private final String file;
    private final List<Problem> list = new ArrayList<>();
    private int more;

    public Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /** Adds one: a stable id such as {@code receivers/unknown-key}, and a sentence with the fix. */
    public void add(Place place, String id, String sentence) {
        if (list.size() == MAX) {
            more++;
            return;
        }
        list.add(new Problem(
                place,
                String.format(
                        Locale.ROOT, "error[%s] %s:%d:%d: %s", id, file, place.line(), place.column(), sentence)));
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** One line each, in the order of the file. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(list.stream()
                .sorted(Comparator.<Problem>comparingInt(
                                problem -> problem.place().line())
                        .thenComparingInt(problem -> problem.place().column()))
                .map(Problem::text)
                .toList());
        if (more > 0) {
            lines.add("and " + more + " more");
        }
        return lines;
    }
}
