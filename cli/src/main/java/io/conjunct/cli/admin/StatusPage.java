// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.admin;

import io.conjunct.cli.html.Html;
import io.conjunct.ingest.SidecarStatus;
import java.util.List;
import java.util.Optional;

/** The page at {@code /}: pages and rules, which parts run, which do not and why, where to look next. No script. */
final class StatusPage {
    /** A line of the list below the components. */
    record Link(String path, String title, String description) {}

    private StatusPage() {}

    /**
     * @param sidecar what is to know of the telemetry that comes in, where there is a sidecar
     * @param pages what to show of pages and rules
     * @param by the name somebody judges by
     */
    static String render(
            List<ComponentState> states,
            Optional<SidecarStatus> sidecar,
            List<Link> links,
            String version,
            Optional<PagesSection> pages,
            String by) {
        boolean ready = states.stream().allMatch(ComponentState::ready);
        Html html = Html.page(
                "Conjunct: " + (ready ? "ready" : "not ready"),
                "Conjunct",
                ready ? "All parts of this node are at work." : "This node cannot do all of its work yet.",
                ready ? 0 : 5);
        pages.ifPresent(section -> section.write(html, by));
        html.element("h2", "Components").open("table");
        for (ComponentState each : states) {
            html.open("tr").element("td", each.name());
            html.element(
                    "td",
                    each.ready() ? "\u2713 ready" : "\u25cf waiting",
                    "class",
                    each.ready() ? "ready" : "waiting");
            html.element("td", each.notReady().orElse(each.detail()), "class", "soft")
                    .close();
        }
        html.close();
        sidecar.ifPresent(status -> IntakeSection.write(html, status));
        html.element("h2", "Look closer").open("table");
        for (Link link : links) {
            html.open("tr")
                    .open("td")
                    .element("a", link.title(), "href", link.path())
                    .close();
            html.element("td", link.description(), "class", "soft").close();
        }
        html.close();
        return html.end(
                "conjunct " + version + (ready ? "" : ". This page renews itself every 5 seconds until it is ready"));
    }
}
