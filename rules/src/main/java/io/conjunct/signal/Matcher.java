// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.signal;

import static java.util.Objects.requireNonNull;

import com.google.re2j.Pattern;
import io.conjunct.event.Series;
import java.util.List;
import java.util.function.Predicate;

/**
 * One line of a {@code where}: what the value of an attribute must, or must not, be. As in Prometheus, an attribute that
 * is absent is not equal to anything, so only the negated forms match it.
 *
 * @param attribute as in {@link Series#get}
 * @param negated whether a match excludes
 * @param values any of them; empty when {@code regex} is set
 * @param regex RE2 syntax, matched against the whole value; empty when {@code values} is set
 */
public record Matcher(String attribute, boolean negated, List<String> values, String regex) {

    public Matcher {
        requireNonNull(attribute, "attribute");
        values = List.copyOf(values);
        requireNonNull(regex, "regex");
        if (values.isEmpty() == regex.isEmpty()) {
            throw new IllegalArgumentException("a matcher of " + attribute + " needs either values or a regex");
        }
    }

    public static Matcher is(String attribute, String value) {
        return new Matcher(attribute, false, List.of(value), "");
    }

    /** A form that is quick to ask many times. */
    public SeriesPredicate compile() {
        Predicate<String> matches = ofValue();
        return series -> {
            String value = series.get(attribute);
            return value == null ? negated : matches.test(value);
        };
    }

    /** The same question of a value that is there. */
    public Predicate<String> ofValue() {
        if (regex.isEmpty()) {
            return value -> values.contains(value) != negated;
        }
        Pattern pattern = Pattern.compile(regex);
        return value -> pattern.matches(value) != negated;
    }

    /** A question about a series. */
    public interface SeriesPredicate {
        boolean test(Series series);
    }
}
