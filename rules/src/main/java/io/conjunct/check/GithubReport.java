// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.check;

import java.util.List;

/** Findings as workflow commands: {@code ::error file=…,line=…,col=…,title=…::message}. */
final class GithubReport {
    private GithubReport() {}

    static String of(List<Diagnostic> diagnostics) {
        StringBuilder out = new StringBuilder();
        for (Diagnostic d : diagnostics) {
            out.append("::")
                    .append(d.severity().word())
                    .append(" file=")
                    .append(property(d.path()))
                    .append(",line=")
                    .append(d.line())
                    .append(",col=")
                    .append(d.column())
                    .append(",endColumn=")
                    .append(d.column() + d.length())
                    .append(",title=")
                    .append(property(d.id()))
                    .append("::")
                    .append(text(d.fix().isEmpty() ? d.message() : d.message() + ": " + d.fix()))
                    .append('\n');
        }
        return out.toString();
    }

    private static String text(String value) {
        return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String value) {
        return text(value).replace(":", "%3A").replace(",", "%2C");
    }
}
