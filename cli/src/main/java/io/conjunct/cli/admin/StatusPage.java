// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import io.conjunct.ingest.SidecarStatus;
import java.util.List;
import java.util.Optional;

/** The page at {@code /}: which parts run, which do not and why, and where to look next. One file, no script. */
final class StatusPage {
    /** A line of the list below the components. */
    record Link(String path, String title, String description) {}

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde2e9; --back: #fbfcfd;
                    --good: #1a7f4e; --bad: #b3261e; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6eaf0; --soft: #9aa5b4; --line: #2d3642; --back: #12171d; --good: #57c78d; --bad: #ff8a80; } }
            body { margin: 0; background: var(--back); color: var(--ink);
                   font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
            main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; }
            h1 { font-size: 1.6rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
            .lead { color: var(--soft); margin: 0 0 2rem; }
            h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .08em; color: var(--soft); margin: 2rem 0 .5rem; }
            table { width: 100%; border-collapse: collapse; }
            td { padding: .6rem .75rem .6rem 0; border-top: 1px solid var(--line); vertical-align: top; }
            td:first-child { font-weight: 600; white-space: nowrap; width: 8rem; }
            td:last-child { color: var(--soft); overflow-wrap: anywhere; }
            .ready { color: var(--good); white-space: nowrap; }
            .waiting { color: var(--bad); white-space: nowrap; }
            a { color: inherit; text-underline-offset: .2em; }
            td.count { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 5rem; }
            p { margin: 0 0 .75rem; color: var(--soft); }
            p.after { margin-top: 1rem; }
            code { font: .9em ui-monospace, Menlo, Consolas, monospace; color: var(--ink); }
            footer { margin-top: 2.5rem; color: var(--soft); font-size: .85rem; }
            """;

    private StatusPage() {}

    static String render(
            List<ComponentState> states, Optional<SidecarStatus> sidecar, List<Link> links, String version) {
        boolean ready = states.stream().allMatch(ComponentState::ready);
        StringBuilder html = new StringBuilder(4_096);
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta http-equiv=\"refresh\" content=\"5\">\n<title>Conjunct: ")
                .append(ready ? "ready" : "not ready")
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>Conjunct</h1>\n<p class=\"lead\">")
                .append(ready ? "All parts of this node are at work." : "This node cannot do all of its work yet.")
                .append("</p>\n<h2>Components</h2>\n<table>\n");
        states.forEach(each -> component(html, each));
        html.append("</table>\n");
        sidecar.ifPresent(status -> IntakeSection.append(html, status));
        html.append("<h2>Look closer</h2>\n<table>\n");
        for (Link link : links) {
            html.append("<tr><td><a href=\"").append(escape(link.path())).append("\">");
            html.append(escape(link.title())).append("</a></td><td>");
            html.append(escape(link.description())).append("</td></tr>\n");
        }
        return html.append("</table>\n<footer>conjunct ")
                .append(escape(version))
                .append(". This page renews itself every 5 seconds.</footer>\n</main>\n</body>\n</html>\n")
                .toString();
    }

    private static void component(StringBuilder html, ComponentState state) {
        html.append("<tr><td>").append(escape(state.name())).append("</td><td class=\"");
        html.append(state.ready() ? "ready\">&#10003; ready" : "waiting\">&#9679; waiting");
        html.append("</td><td>")
                .append(escape(state.notReady().orElse(state.detail())))
                .append("</td></tr>\n");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
