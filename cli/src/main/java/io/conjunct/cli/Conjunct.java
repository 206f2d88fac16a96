// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.check.Spelling;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code conjunct}. A further subcommand {@code x} is one class {@code XCommand}, listed in {@link #COMMANDS}.
 *
 * <p>Exit codes: 0 done, 1 findings, 2 wrong usage or something that could not be loaded, 78 (sysexits' EX_CONFIG) a
 * configuration with which nothing can be started.
 */
public final class Conjunct implements Runnable {
    static final int EXIT_OK = 0;
    static final int EXIT_FINDINGS = 1;
    static final int EXIT_USAGE = 2;
    static final int EXIT_CONFIGURATION = 78;

    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            RunCommand.class,
            IngestCommand.class,
            CorrelateCommand.class,
            SinkCommand.class,
            ApplyCommand.class,
            CheckCommand.class,
            FmtCommand.class,
            TestCommand.class,
            SchemaCommand.class,
            BacktestCommand.class,
            ExplainCommand.class,
            SuggestCommand.class,
            RecordCommand.class,
            ImportCommand.class,
            VerdictCommand.class,
            ReportCommand.class,
            CompletionCommand.class,
            VersionCommand.class);

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    private Conjunct() {
        spec.name("conjunct").scopeType(ScopeType.INHERIT);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("Show this help message and exit.")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("Print version information and exit.")
                .build());
        spec.usageMessage()
                .description("Observability sidecar and alert-correlation engine: only correlated alerts page.")
                .synopsisSubcommandLabel("COMMAND")
                .autoWidth(true)
                .descriptionHeading("%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .footerHeading("%n")
                .footer(
                        "Every option has an environment variable: --otlp-grpc-port is",
                        "CONJUNCT_OTLP_GRPC_PORT. The command line wins.")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes());
    }

    /** Ends the process with the exit code of the command. */
    public static void main(String[] arguments) {
        // Before the first HTTP server class loads: without it, delayed acknowledgements limit JDK 17's server to
        // 182 requests a second.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // Reports draw and quote UTF-8, also where the locale says nothing, as in containers.
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        int code;
        if (arguments.length > 0 && arguments[0].equals("ingest")) {
            nameSelectors();
            LoadAhead ahead = LoadAhead.begin();
            code = commandLine(arguments)
                    .setOut(out)
                    .setExecutionStrategy(new AfterLogging(ahead))
                    .execute(arguments);
        } else {
            code = commandLine(arguments).setOut(out).execute(arguments);
        }
        out.flush();
        Termination.disarm();
        System.exit(code);
    }

    /** What Java takes on Linux anyway, after it looked through every jar for another. */
    private static void nameSelectors() {
        String provider = "sun.nio.ch.EPollSelectorProvider";
        try {
            Class.forName(provider);
            System.setProperty("java.nio.channels.spi.SelectorProvider", provider);
        } catch (ClassNotFoundException e) {
            // Another system, or a Java that has another.
        }
    }

    /**
     * With the command that the first argument names, or with all of them where none is named: to read what all of them
     * declare takes a fifth of a second, which a sidecar's start does not have.
     */
    static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(new Conjunct().spec);
        for (Class<?> each : named(arguments)) {
            line.addSubcommand(subcommand(each));
        }
        tellVersions(line.getCommandSpec());
        line.setDefaultValueProvider(new EnvironmentDefaults(System.getenv()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(new UsageProblems());
        line.setExecutionExceptionHandler(new Failures());
        return line;
    }

    private static List<Class<?>> named(String... arguments) {
        for (Class<?> each : COMMANDS) {
            if (arguments.length > 0 && each.getSimpleName().equalsIgnoreCase(arguments[0] + "Command")) {
                return List.of(each);
            }
        }
        return COMMANDS;
    }

    private static Object subcommand(Class<?> command) {
        try {
            return NodeCommand.class.isAssignableFrom(command)
                    ? ((NodeCommand) command.getDeclaredConstructor().newInstance()).spec()
                    : command;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(command.getName(), e);
        }
    }

    /** In the order of the help. */
    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done, nothing found");
        codes.put("1", "findings, or a story that did not go as told");
        codes.put("2", "wrong usage, or a file that cannot be loaded");
        codes.put("78", "bad configuration: a port in use, no broker, an unusable data directory");
        return codes;
    }

    /** Not by annotation, with which a subcommand that is added asks for all versions at once, on every start. */
    private static void tellVersions(CommandSpec command) {
        command.versionProvider(new VersionCommand());
        for (CommandLine each : command.subcommands().values()) {
            tellVersions(each.getCommandSpec());
        }
    }

    // Classes instead of lambdas: Java cannot archive a lambda that implements what picocli, compiled for a Java so
    // old, has.

    /** Runs the command as soon as it may ask for a logger. */
    private record AfterLogging(LoadAhead ahead) implements IExecutionStrategy {
        @Override
        public int execute(ParseResult parsed) {
            ahead.awaitLogging();
            return new CommandLine.RunLast().execute(parsed);
        }
    }

    /** Wrong usage, with a hint. */
    private static final class UsageProblems implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException problem, String[] arguments) {
            return explainUsage(problem, arguments);
        }
    }

    /** What a command gave up with. */
    private static final class Failures implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine failed, ParseResult parsed)
                throws Exception {
            return explainFailure(failure, failed);
        }
    }

    /** Without a subcommand: the help, as wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int explainUsage(ParameterException problem, String[] arguments) {
        CommandLine failed = problem.getCommandLine();
        PrintWriter err = failed.getErr();
        err.println(failed.getColorScheme().errorText("conjunct: " + problem.getMessage() + meant(problem)));
        if (arguments.length == 0) {
            failed.usage(err);
        } else {
            err.println("Try: " + failed.getCommandSpec().qualifiedName() + " --help");
        }
        return EXIT_USAGE;
    }

    /** A question after the message where a command or an option looks mistyped. */
    private static String meant(ParameterException problem) {
        if (!(problem instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        String word = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        return Spelling.nearest(
                        word,
                        word.startsWith("-")
                                ? command.optionsMap().keySet()
                                : command.subcommands().keySet())
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    private static int explainFailure(Exception failure, CommandLine failed) throws Exception {
        if (failure instanceof LoadProblem) {
            failed.getErr().println(failed.getColorScheme().errorText("conjunct: " + failure.getMessage()));
            return EXIT_USAGE;
        }
        if (failure instanceof ConfigurationProblem) {
            failed.getErr().println(failed.getColorScheme().errorText("conjunct: " + failure.getMessage()));
            return EXIT_CONFIGURATION;
        }
        // Anything else is a bug of ours: the stack trace is what a report needs.
        throw failure;
    }
}
