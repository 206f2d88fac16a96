// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.report;

import io.conjunct.alert.Tier;
import io.conjunct.record.Gate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The patch that makes a page a ticket: one changed line of a rule file, for {@code git apply} or a pull request. The
 * rule goes on being evaluated and recorded, so that what it would have caught stays known.
 */
public final class RulePatch {
    private static final int CONTEXT = 3;

    private RulePatch() {}

    /** Empty when no file has the rule with the tier written out that is too dear: page, or ticket. */
    public static Optional<String> demote(Path directory, String rule, Gate.Finding finding) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
        Tier dear = from(finding);
        for (Path file : files) {
            List<String> lines =
                    Files.readString(file, StandardCharsets.UTF_8).lines().toList();
            int at = tierOf(lines, rule, tier(dear));
            if (at >= 0) {
                return Optional.of(patch(file.toString().replace('\\', '/'), lines, at, rule, finding.reason(), dear));
            }
        }
        return Optional.empty();
    }

    /** What a proposal makes cheaper. */
    public static Tier from(Gate.Finding finding) {
        return finding.decision() == Gate.Decision.PROPOSE_ANNOTATE ? Tier.TICKET : Tier.PAGE;
    }

    private static Pattern tier(Tier tier) {
        return Pattern.compile("(\\btier:\\s*)" + tier.word() + "\\b");
    }

    private static int tierOf(List<String> lines, String rule, Pattern tier) {
        Pattern start = Pattern.compile("\\balert:\\s*[\"']?([^\"',}#]+?)[\"']?\\s*(?:[,}#].*)?$");
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            var found = start.matcher(lines.get(i));
            if (found.find()) {
                inside = found.group(1).equals(rule);
            }
            if (inside && tier.matcher(lines.get(i)).find()) {
                return i;
            }
        }
        return -1;
    }

    private static String patch(String path, List<String> lines, int at, String rule, String reason, Tier dear) {
        int from = Math.max(0, at - CONTEXT);
        int to = Math.min(lines.size(), at + CONTEXT + 1);
        String name = path.startsWith("/") ? path.substring(1) : path;
        StringBuilder patch = new StringBuilder()
                .append(rule)
                .append(": " + dear.word() + " to " + dear.below().word() + ", ")
                .append(reason)
                .append("\n\ndiff --git a/")
                .append(name)
                .append(" b/")
                .append(name)
                .append("\n--- a/")
                .append(name)
                .append("\n+++ b/")
                .append(name)
                .append("\n@@ -")
                .append(from + 1)
                .append(',')
                .append(to - from)
                .append(" +")
                .append(from + 1)
                .append(',')
                .append(to - from)
                .append(" @@\n");
        for (int i = from; i < to; i++) {
            if (i == at) {
                patch.append('-').append(lines.get(i)).append('\n');
                patch.append('+')
                        .append(tier(dear)
                                .matcher(lines.get(i))
                                .replaceFirst("$1" + dear.below().word()))
                        .append('\n');
            } else {
                patch.append(' ').append(lines.get(i)).append('\n');
            }
        }
        return patch.toString();
    }
}
