// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.check.Diagnostic;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The results of tests as build servers read them: a {@code testsuite} per file, a {@code testcase} per test. */
final class JunitReport {
    private final XMLStreamWriter xml;

    private JunitReport(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static String of(Suite suite) {
        StringWriter out = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            new JunitReport(xml).suites(suite);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string can be written to", e);
        }
        return out.append('\n').toString();
    }

    private void suites(Suite suite) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        xml.writeAttribute("name", "conjunct test");
        for (FileOutcome file : suite.files()) {
            suite(file);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
    }

    private void suite(FileOutcome file) throws XMLStreamException {
        List<Diagnostic> problems = file.file().problems();
        long failed = file.outcomes().stream().filter(o -> !o.passed()).count();
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", file.file().path());
        xml.writeAttribute("tests", String.valueOf(file.outcomes().size() + (problems.isEmpty() ? 0 : 1)));
        xml.writeAttribute("failures", String.valueOf(failed));
        xml.writeAttribute("errors", problems.isEmpty() ? "0" : "1");
        xml.writeAttribute(
                "time",
                seconds(file.outcomes().stream().mapToLong(Outcome::tookNanos).sum()));
        if (!problems.isEmpty()) {
            testcase(
                    file,
                    "the file can be used",
                    0,
                    "error",
                    problems.stream()
                            .map(d -> d.path() + ":" + d.line() + ":" + d.column() + ": " + d.message() + " [" + d.id()
                                    + "]")
                            .collect(Collectors.joining("\n")),
                    "");
        }
        for (Outcome outcome : file.outcomes()) {
            String message = outcome.unmet()
                    + outcome.mismatches().stream().map(Mismatch::words).collect(Collectors.joining("\n"));
            String drawn = outcome.tracks().stream()
                    .map(t -> t.identity() + "\n" + Drawing.of(t, outcome, "  "))
                    .collect(Collectors.joining("\n"));
            testcase(file, outcome.name(), outcome.tookNanos(), outcome.passed() ? "" : "failure", message, drawn);
        }
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
    }

    private void testcase(FileOutcome file, String name, long nanos, String failure, String message, String detail)
            throws XMLStreamException {
        xml.writeCharacters("\n    ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("name", name);
        xml.writeAttribute("classname", file.file().path());
        xml.writeAttribute("file", file.file().path());
        xml.writeAttribute("time", seconds(nanos));
        if (!failure.isEmpty()) {
            xml.writeStartElement(failure);
            xml.writeAttribute("message", message.lines().findFirst().orElse(""));
            xml.writeCharacters(message + (detail.isEmpty() ? "" : "\n\n" + detail));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }
}
