// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.html;

import java.io.StringWriter;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes a page: the JDK's XML writer escapes what is text, HTML's own void elements stay without an end. Pages need no
 * script and nothing from elsewhere, so a report can be mailed as it is and the admin port can forbid both.
 */
public final class Html {
    private static final Set<String> VOID = Set.of("meta", "input", "br", "hr");

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dde2e9; --back: #fbfcfd; --card: #fff;
                    --good: #1a7f4e; --bad: #b3261e; --warn: #96600a; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6eaf0; --soft: #9aa5b4; --line: #2d3642; --back: #12171d; --card: #19202a;
                      --good: #57c78d; --bad: #ff8a80; --warn: #f0b356; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--back); color: var(--ink);
                   font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
            main { max-width: 72rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
            h1 { font-size: 1.6rem; margin: 0 0 .25rem; letter-spacing: -.01em; }
            .lead, .soft { color: var(--soft); } .lead { margin: 0 0 1.5rem; }
            h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .08em; color: var(--soft); margin: 2.25rem 0 .5rem; }
            .wide { overflow-x: auto; }
            table { width: 100%; border-collapse: collapse; }
            th { text-align: right; font-size: .8rem; font-weight: 500; color: var(--soft); padding: .4rem .75rem .4rem 0;
                 vertical-align: bottom; }
            td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top;
                 font-variant-numeric: tabular-nums; }
            td.number { text-align: right; white-space: nowrap; }
            th:first-child, th.text { text-align: left; }
            td:first-child { font-weight: 600; overflow-wrap: anywhere; min-width: 13rem; }
            td.when, td.text:last-child { white-space: nowrap; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; }
            .tiles div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
            .tiles dt { color: var(--soft); font-size: .8rem; } .tiles dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
            .tiles dd small { font-size: .8rem; font-weight: 400; color: var(--soft); display: block; }
            ol { padding-left: 1.4rem; margin: 0; } ol li { padding: .45rem 0; } ol p { margin: 0; }
            figure { margin: 0; } figure svg { width: 100%; height: auto; }
            .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1.25rem; }
            .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
            .ready { color: var(--good); white-space: nowrap; } .waiting { color: var(--bad); white-space: nowrap; }
            a { color: inherit; text-underline-offset: .2em; }
            form { display: inline; } .buttons { white-space: nowrap; }
            button { font: inherit; font-size: .85rem; color: inherit; background: none; border: 1px solid var(--line);
                     border-radius: .4rem; padding: .15rem .6rem; cursor: pointer; }
            button:hover, button:focus-visible { border-color: currentColor; } button[aria-pressed=true] { font-weight: 600;
                     background: var(--line); }
            details { display: inline-block; vertical-align: top; } details[open] { display: block; margin-top: .3rem; }
            summary { display: inline-block; font-size: .85rem; border: 1px solid var(--line); border-radius: .4rem;
                     padding: .15rem .6rem; cursor: pointer; list-style: none; }
            summary:hover, summary:focus-visible { border-color: currentColor; }
            details.said summary { font-weight: 600; background: var(--line); }
            details button { display: block; margin-top: .3rem; text-align: left; white-space: normal; }
            footer { margin-top: 2.5rem; color: var(--soft); font-size: .85rem; }
            """;

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;

    private Html() throws XMLStreamException {
        text.write("<!doctype html>\n");
        xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    }

    /**
     * Begins a page, up to its heading.
     *
     * @param lead a sentence below the heading
     * @param refreshSeconds after which the browser asks again; 0 for never
     */
    public static Html page(String title, String heading, String lead, int refreshSeconds) {
        try {
            Html html = new Html();
            html.open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
            html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
            if (refreshSeconds > 0) {
                html.empty("meta", "http-equiv", "refresh", "content", Integer.toString(refreshSeconds));
            }
            html.element("title", title).open("style").raw(STYLE).close().close();
            html.open("body").open("main").element("h1", heading);
            return html.element("p", lead, "class", "lead");
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a page cannot be written", e);
        }
    }

    /** Begins an element; attributes as names and values in turn. */
    public Html open(String name, String... attributes) {
        return write(() -> {
            xml.writeStartElement(name);
            for (int i = 0; i < attributes.length; i += 2) {
                xml.writeAttribute(attributes[i], attributes[i + 1]);
            }
            xml.writeCharacters("");
        });
    }

    /** Ends the element begun last. */
    public Html close() {
        return write(xml::writeEndElement);
    }

    /** Text, escaped. */
    public Html text(String words) {
        return write(() -> xml.writeCharacters(words));
    }

    /** An element of text alone. */
    public Html element(String name, String words, String... attributes) {
        return open(name, attributes).text(words).close();
    }

    /** One of HTML's elements that have no end. */
    public Html empty(String name, String... attributes) {
        if (!VOID.contains(name)) {
            throw new IllegalArgumentException(name + ": not one of " + VOID);
        }
        return write(() -> {
            xml.writeEmptyElement(name);
            for (int i = 0; i < attributes.length; i += 2) {
                xml.writeAttribute(attributes[i], attributes[i + 1]);
            }
            xml.writeCharacters("");
        });
    }

    /** What is markup already: our style, a chart's SVG. Never anything that came from outside. */
    public Html raw(String markup) {
        return write(() -> {
            xml.flush();
            text.write(markup);
        });
    }

    /** The page, its open elements ended. */
    public String end(String footer) {
        element("footer", footer);
        write(xml::writeEndDocument);
        write(xml::flush);
        return text.append('\n').toString();
    }

    private interface Step {
        void run() throws XMLStreamException;
    }

    private Html write(Step step) {
        try {
            step.run();
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a page cannot be written", e);
        }
    }
}
