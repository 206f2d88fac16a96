// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.demo;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What the demonstration says on the console: plain ASCII, at most 100 columns. On a terminal the readings are one line
 * that changes; elsewhere, as in the log of a CI job, a line every {@value #EVERY_SECONDS} s, and no colours.
 */
final class Narrator {
    private static final int EVERY_SECONDS = 5;
    private static final int WIDTH = 84;
    private static final Pattern WORDS = Pattern.compile("\\s+");

    private final PrintStream out;
    private final boolean terminal;
    private final boolean colours;
    private final Supplier<Duration> clock;
    private Duration lastReading = Duration.ofSeconds(-EVERY_SECONDS);
    private String lastMeaning = "";
    private boolean onLiveLine;

    /**
     * @param terminal whether a line can be written over
     * @param clock since when the story runs
     */
    Narrator(PrintStream out, boolean terminal, boolean colours, Supplier<Duration> clock) {
        this.out = out;
        this.terminal = terminal;
        this.colours = colours;
        this.clock = clock;
    }

    synchronized void title(String text) {
        settle();
        out.println();
        out.println("  " + bold(text));
    }

    /** A paragraph, wrapped. */
    synchronized void say(String text) {
        settle();
        for (String line : wrap(text, WIDTH)) {
            out.println("  " + line);
        }
    }

    /** Lines as they are. */
    synchronized void lines(List<String> lines) {
        settle();
        lines.forEach(line -> out.println("  " + line));
    }

    synchronized void blank() {
        settle();
        out.println();
    }

    /** A turn of the story: when, what, and what it means. */
    synchronized void chapter(String name, String text) {
        settle();
        out.println();
        List<String> lines = wrap(text, WIDTH - 8);
        out.println("  " + time() + "  " + bold(name));
        lines.forEach(line -> out.println("        " + line));
        lastReading = Duration.ofSeconds(-EVERY_SECONDS);
    }

    /** One line under a chapter. */
    synchronized void remark(String text) {
        settle();
        out.println("        " + text);
    }

    /** The two signals against their thresholds, and what that means. */
    synchronized void reading(OptionalDouble latency, OptionalDouble hitRatio, String meaning) {
        boolean due = terminal
                || !meaning.equals(lastMeaning)
                || clock.get().minus(lastReading).toSeconds() >= EVERY_SECONDS;
        if (!due) {
            return;
        }
        lastReading = clock.get();
        lastMeaning = meaning;
        String line = "  " + time() + "  "
                + leg(
                        DemoRules.LATENCY,
                        latency,
                        DemoRules.LATENCY_ABOVE_SECONDS,
                        value -> String.format(Locale.ROOT, "%4.0f ms", value * 1000))
                + "   "
                + leg(
                        DemoRules.HIT_RATIO,
                        hitRatio,
                        DemoRules.HIT_RATIO_ABOVE,
                        value -> String.format(Locale.ROOT, "%3.0f %%", value * 100))
                + "   " + meaning;
        if (terminal) {
            out.print("\r\u001B[K" + line);
            out.flush();
            onLiveLine = true;
        } else {
            out.println(line);
        }
    }

    /** What a person would receive, as the receiver wrote it. */
    synchronized void message(String text) {
        settle();
        out.println();
        text.strip().lines().forEach(line -> out.println("        " + bold("|") + " " + line));
    }

    /** A stream into {@link #message}: everything up to a flush is one message. */
    PrintStream messages() {
        return new PrintStream(
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void flush() {
                        String text = toString(StandardCharsets.UTF_8);
                        reset();
                        if (!text.isBlank()) {
                            message(text);
                        }
                    }
                },
                false,
                StandardCharsets.UTF_8);
    }

    String good(String text) {
        return colour("32", text);
    }

    String bad(String text) {
        return colour("31", text);
    }

    String bold(String text) {
        return colour("1", text);
    }

    private String leg(String name, OptionalDouble value, double above, Shown shown) {
        String threshold = shown.of(above).strip();
        if (value.isEmpty()) {
            String unknown = shown.of(0).replace('0', '?');
            return name + " " + unknown + "   " + " ".repeat(threshold.length());
        }
        String text = name + " " + shown.of(value.getAsDouble());
        return value.getAsDouble() > above ? colour("33", text + " > " + threshold) : text + " < " + threshold;
    }

    private interface Shown {
        String of(double value);
    }

    /** Ends the line that changes, so that it stays. */
    private void settle() {
        if (onLiveLine) {
            out.println();
            onLiveLine = false;
        }
    }

    private String time() {
        long seconds = clock.get().toSeconds();
        return String.format(Locale.ROOT, "%2d:%02d", seconds / 60, seconds % 60);
    }

    private String colour(String code, String text) {
        return colours ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }

    private static List<String> wrap(String text, int width) {
        StringBuilder wrapped = new StringBuilder();
        int column = 0;
        for (String word : WORDS.splitAsStream(text.strip()).toList()) {
            if (column > 0 && column + 1 + word.length() > width) {
                wrapped.append('\n');
                column = 0;
            } else if (column > 0) {
                wrapped.append(' ');
                column++;
            }
            wrapped.append(word);
            column += word.length();
        }
        return wrapped.toString().lines().toList();
    }
}
