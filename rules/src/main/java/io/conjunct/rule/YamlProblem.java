// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.rule;

import java.util.Objects;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A YAML syntax error in words that help: the parser tells what it expected, not what to do.
 *
 * @param at offset in the file, in code points
 */
record YamlProblem(int at, String message, String fix) {

    static YamlProblem of(MarkedYAMLException e, String source) {
        String problem = Objects.requireNonNullElse(e.getProblem(), "not valid YAML");
        String context = Objects.requireNonNullElse(e.getContext(), "");
        Mark at = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        Mark opened = e.getContextMark() != null ? e.getContextMark() : at;
        if (problem.contains("TAB")) {
            return new YamlProblem(at.getIndex(), "a tab cannot indent YAML", "indent with spaces");
        }
        if (context.contains("quoted scalar") && problem.contains("end of stream")) {
            return new YamlProblem(opened.getIndex(), "this quote is never closed", "add the closing quote");
        }
        int template = source.indexOf("{{", opened.getIndex());
        if (context.contains("flow mapping") && template >= 0 && template < at.getIndex()) {
            return new YamlProblem(
                    template, "`{{` starts a YAML mapping", "quote the text, as in \"{{ cloud.region }} is down\"");
        }
        if (context.contains("flow mapping")) {
            return new YamlProblem(
                    at.getIndex(),
                    "expected `,` or `}` in the `{` of line " + (opened.getLine() + 1),
                    "close the `{`, or quote a value that contains , [ ] { or }");
        }
        if (context.contains("flow sequence")) {
            return new YamlProblem(
                    at.getIndex(),
                    "expected `,` or `]` in the `[` of line " + (opened.getLine() + 1),
                    "close the `[`, or quote a value that contains , [ ] { or }");
        }
        if (problem.contains("mapping values are not allowed")) {
            return new YamlProblem(
                    at.getIndex(),
                    "a `:` that starts no value",
                    "quote the text if it contains `: `, or indent the key like its neighbours");
        }
        if (problem.contains("expected <block end>") || problem.contains("block end")) {
            return new YamlProblem(
                    at.getIndex(),
                    "this does not belong to the block that starts in line " + (opened.getLine() + 1),
                    "start all keys of one block in the same column");
        }
        if (problem.contains("could not find expected ':'")) {
            return new YamlProblem(opened.getIndex(), "a key without `:`", "write `key: value`");
        }
        if (problem.contains("unknown escape character")) {
            return new YamlProblem(
                    at.getIndex(), "a backslash that starts no known escape", "use single quotes for a regex");
        }
        if (problem.contains("undefined alias")) {
            return new YamlProblem(
                    at.getIndex(),
                    problem.replace("found undefined", "undefined"),
                    "quote the text if it starts with `*`");
        }
        if (problem.contains("but found another document")) {
            return new YamlProblem(
                    at.getIndex(), "a second YAML document starts here", "put it into a file of its own");
        }
        if (problem.contains("cannot start any token")) {
            return new YamlProblem(at.getIndex(), "a value cannot start with this character", "quote the text");
        }
        return new YamlProblem(
                at.getIndex(),
                context.isEmpty() ? problem : context + ", " + problem,
                "see https://yaml.org/spec/1.2.2");
    }
}
