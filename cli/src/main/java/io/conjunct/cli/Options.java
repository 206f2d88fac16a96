// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that belong together, of commands that stay. They are declared in code: to read annotations, as picocli does for
 * the other commands, takes a tenth of a sidecar's start.
 *
 * <p>Each is given its name, what its value is called in the help, its default where it has one, and its description.
 */
abstract class Options {
    private final List<OptionSpec> declared = new ArrayList<>();

    /** This command takes them. */
    final void addTo(CommandSpec command) {
        for (OptionSpec each : declared) {
            command.addOption(each);
        }
    }

    final Setting<String> text(String name, String label, String unlessSaid, String description) {
        return declare(OptionSpec.builder(name).type(String.class), label, unlessSaid, unlessSaid, description);
    }

    final Setting<Integer> port(String name, int unlessSaid, String description) {
        return declare(
                OptionSpec.builder(name).type(int.class).converters(new PortConverter()),
                "PORT",
                unlessSaid,
                Integer.toString(unlessSaid),
                description);
    }

    final Setting<Path> path(String name, String label, String unlessSaid, String description) {
        return declare(OptionSpec.builder(name).type(Path.class), label, Path.of(unlessSaid), unlessSaid, description);
    }

    final Setting<Duration> duration(String name, String unlessSaid, String description) {
        DurationConverter converter = new DurationConverter();
        return declare(
                OptionSpec.builder(name).type(Duration.class).converters(converter),
                "DURATION",
                converter.convert(unlessSaid),
                unlessSaid,
                description);
    }

    /** One of these words, in capitals or not. */
    final <E extends Enum<E>> Setting<E> choice(String name, String label, E unlessSaid, String description) {
        return declare(
                OptionSpec.builder(name).type(unlessSaid.getDeclaringClass()),
                label,
                unlessSaid,
                unlessSaid.name().toLowerCase(Locale.ROOT),
                description);
    }

    /** Off unless named. */
    final Setting<Boolean> flag(String name, String description) {
        return keep(OptionSpec.builder(name).type(boolean.class).defaultValue("false"), false, description);
    }

    /** None unless named. */
    final Setting<Optional<Path>> file(String name, String description) {
        return keep(
                OptionSpec.builder(name)
                        .type(Optional.class)
                        .auxiliaryTypes(Path.class)
                        .paramLabel("FILE"),
                Optional.empty(),
                description);
    }

    private <T> Setting<T> declare(
            OptionSpec.Builder option, String label, T unlessSaid, String inWords, String description) {
        return keep(
                option.paramLabel(label).defaultValue(inWords),
                unlessSaid,
                description + " (default: ${DEFAULT-VALUE}).");
    }

    private <T> Setting<T> keep(OptionSpec.Builder builder, T unlessSaid, String description) {
        OptionSpec option = builder.description(description).build();
        declared.add(option);
        return new Setting<>(option, unlessSaid);
    }
}
