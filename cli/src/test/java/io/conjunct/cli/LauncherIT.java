// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script of the distribution that this build packaged. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of("target", "dist", "bin", "conjunct").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void start_fromAnotherDirectoryThroughLinks_works() throws Exception {
        Path first = Files.createSymbolicLink(directory.resolve("first"), LAUNCHER);
        Path second = Files.createSymbolicLink(directory.resolve("second"), directory.relativize(first));
        Ended ended = run(Map.of(), second.toString(), "version");
        Files.delete(first);
        assertThat(ended.output()).startsWith("conjunct 0.");
        assertThat(ended.code()).isZero();
    }

    @Test
    void start_withAnOldJava_saysWhichAndWhatToDo() throws Exception {
        Path home = fakeJava("11.0.24");
        Ended ended = run(Map.of("JAVA_HOME", home.toString()), LAUNCHER.toString(), "version");
        assertThat(ended.output())
                .contains("needs Java 17 or newer, but " + home + "/bin/java is 11.0.24")
                .contains("install one");
        assertThat(ended.code()).isEqualTo(78);
    }

    @Test
    void start_withAWrongJavaHome_saysSo() throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", directory.toString()), LAUNCHER.toString(), "version");
        assertThat(ended.output()).contains("JAVA_HOME is " + directory + ", which has no bin/java");
        assertThat(ended.code()).isEqualTo(78);
    }

    @Test
    void start_withoutJava_saysWhatToInstall() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String tool : List.of("dirname", "readlink", "sed", "ls", "cksum", "cut")) {
            script(bin.resolve(tool), "exec " + tool(tool) + " \"$@\"");
        }
        Ended ended = run(Map.of("PATH", bin.toString(), "JAVA_HOME", ""), LAUNCHER.toString(), "version");
        assertThat(ended.output()).contains("finds none on the PATH").contains("openjdk");
        assertThat(ended.code()).isEqualTo(78);
    }

    @Test
    void start_passesArgumentsThrough() throws Exception {
        Path home = fakeJava("21.0.2");
        Ended ended = run(
                Map.of("JAVA_HOME", home.toString(), "CONJUNCT_JAVA_OPTS", "-Xmx1g"),
                LAUNCHER.toString(),
                "check",
                "two words",
                "");
        assertThat(ended.output()).contains("[-Xmx1g]", "[io.conjunct.cli.Conjunct]\n[check]\n[two words]\n[]\n");
    }

    /** Where users unpack things: in {@code My Documents}. */
    @Test
    void start_fromADirectoryWithASpace_handsWholePathsOver() throws Exception {
        Path home = directory.resolve("a b");
        for (String part : List.of("bin", "lib", "cache")) {
            Files.createDirectories(home.resolve(part));
        }
        Files.createFile(home.resolve("lib").resolve("conjunct-cli-1.jar"));
        Path launcher = Files.copy(LAUNCHER, home.resolve("bin").resolve("conjunct"));
        // Writes as archives whatever it is told to write.
        Path java = fakeJava("21.0.2");
        script(
                java.resolve("bin").resolve("java"),
                "for each in \"$@\"; do printf '[%s]\\n' \"$each\"; case $each in"
                        + " -XX:SharedArchiveFile=*) [ -e \"${each#*=}\" ] || echo archive >\"${each#*=}\" ;; esac; done");
        Ended ended = run(
                Map.of("JAVA_HOME", java.toString(), "CONJUNCT_CDS", "on"),
                launcher.toString(),
                "ingest",
                "--kafka=x:1");
        assertThat(ended.output())
                .contains("[-XX:CompileCommandFile=" + home + "/lib/inline]")
                .containsPattern(
                        "\\[-XX:SharedArchiveFile=" + Pattern.quote(home.toString()) + "/cache/java-[^\\]]*\\.jsa]")
                .endsWith("[io.conjunct.cli.Conjunct]\n[ingest]\n[--kafka=x:1]\n");
    }

    @Test
    void methodsThatAreTakenIn_exist() throws Exception {
        Path list = LAUNCHER.resolveSibling(Path.of("..", "lib", "inline"));
        int methods = 0;
        for (String line : Files.readAllLines(list)) {
            if (line.startsWith("inline ")) {
                String[] method = line.substring("inline ".length()).split("::");
                assertThat(Class.forName(method[0]).getDeclaredMethods())
                        .as(line)
                        .anyMatch(each -> each.getName().equals(method[1]));
                methods++;
            }
        }
        assertThat(methods).isGreaterThan(20);
    }

    private static Path tool(String name) {
        for (String each : List.of("/bin/", "/usr/bin/")) {
            if (Files.exists(Path.of(each + name))) {
                return Path.of(each + name);
            }
        }
        throw new IllegalStateException("no " + name);
    }

    /** A runtime that prints its arguments. */
    private Path fakeJava(String version) throws IOException {
        Path home = directory.resolve("java");
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = bin.resolve("java");
        script(java, "for each in \"$@\"; do printf '[%s]\\n' \"$each\"; done");
        return home;
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Ended(int code, String output) {}

    private Ended run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("CONJUNCT_CDS", "off");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
