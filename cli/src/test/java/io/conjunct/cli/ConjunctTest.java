// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConjunctTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void version_printsTheVersions() {
        assertThat(execute("version")).isZero();
        assertThat(out.toString()).startsWith("conjunct ").contains("kafka 4.3.1", "java 17");
    }

    @Test
    void help_listsCommandsAndExitCodes() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("run ", "ingest ", "correlate ", "sink ", "demo ", "78", "CONJUNCT_");
    }

    @Test
    void helpOfEveryCommand_describesEveryOption() {
        CommandLine line = Conjunct.commandLine();
        for (CommandLine each : line.getSubcommands().values()) {
            each.getCommandSpec()
                    .options()
                    .forEach(option -> assertThat(option.description())
                            .as("%s %s", each.getCommandName(), option.longestName())
                            .isNotEmpty());
        }
    }

    @Test
    void mistypedCommand_namesTheNearest() {
        assertThat(execute("rnu")).isEqualTo(2);
        assertThat(err.toString()).contains("did you mean run?");
    }

    @Test
    void mistypedOption_namesTheNearest() {
        assertThat(execute("run", "--admin-prot=1")).isEqualTo(2);
        assertThat(err.toString()).contains("did you mean --admin-port?");
    }

    @Test
    void noCommand_isWrongUsage() {
        assertThat(execute()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("Usage: conjunct");
    }

    @ParameterizedTest
    @ValueSource(strings = {"correlate", "sink", "ingest"})
    void oneRoleWithoutABroker_isBadConfiguration(String role, @TempDir Path data) {
        assertThat(execute(role, "--admin-port=0", "--data=" + data)).isEqualTo(78);
        assertThat(err.toString()).contains("--kafka HOST:PORT");
    }

    @Test
    void unknownBrokerAddress_isBadConfiguration(@TempDir Path data) {
        assertThat(execute("sink", "--admin-port=0", "--data=" + data, "--kafka=nonsense"))
                .isEqualTo(78);
        assertThat(err.toString()).contains("--kafka nonsense").contains("host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--admin-port", "--otlp-grpc-port", "--otlp-http-port"})
    void sidecarsPortThatIsTaken_isNamedAlone_withItsOption(String option, @TempDir Path data) throws IOException {
        try (ServerSocket occupant = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, Integer> ports =
                    new HashMap<>(Map.of("--admin-port", 0, "--otlp-grpc-port", 0, "--otlp-http-port", 0));
            ports.put(option, occupant.getLocalPort());
            List<String> arguments = new ArrayList<>(List.of("ingest", "--kafka=127.0.0.1:1", "--data=" + data));
            ports.forEach((name, port) -> arguments.add(name + "=" + port));
            assertThat(execute(arguments.toArray(String[]::new))).isEqualTo(78);
            assertThat(err.toString())
                    .contains("127.0.0.1:" + occupant.getLocalPort(), "choose another " + option)
                    .containsOnlyOnce("-port");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-5", "65536", "99999999999"})
    void whatIsNoPort_isWrongUsage(String port) {
        assertThat(execute("ingest", "--admin-port=" + port)).isEqualTo(2);
        assertThat(err.toString()).contains("'--admin-port'", "'" + port + "' is not a port (expected: 0 to 65535)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "sink"})
    void addressOfAnotherMachine_isNamed(String role, @TempDir Path data) {
        // Of a network for documentation, which no machine has.
        List<String> arguments = new ArrayList<>(
                List.of(role, "--kafka=127.0.0.1:1", "--data=" + data, "--admin-port=0", "--bind=192.0.2.1"));
        if (role.equals("ingest")) {
            arguments.add("--otlp-allow-anyone");
        }
        assertThat(execute(arguments.toArray(String[]::new))).isEqualTo(78);
        assertThat(err.toString()).contains("--bind 192.0.2.1 is no address of this machine");
    }

    private int execute(String... arguments) {
        return Conjunct.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
