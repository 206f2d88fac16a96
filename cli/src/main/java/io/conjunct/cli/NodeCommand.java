// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.cli.embedded.DataDirectory;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** A command that stays: starts its components, says where they are, and runs until the process is told to end. */
abstract class NodeCommand implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    final KafkaOptions kafka = take(new KafkaOptions());
    final ServerOptions server = take(new ServerOptions());
    private final LogOptions log = take(new LogOptions());

    NodeCommand(String name, String description) {
        spec.name(name).usageMessage().description(description);
    }

    /** What it is called and which options it takes. */
    final CommandSpec spec() {
        return spec;
    }

    /** These are options of this command. */
    final <O extends Options> O take(O options) {
        options.addTo(spec);
        return options;
    }

    /** Starts the roles of this command, in the order in which they need each other. */
    abstract void startRoles(NodeStart start, DataDirectory data);

    @Override
    public final Integer call() throws InterruptedException {
        Logs.use(log.format.get());
        // Not earlier: while options are read, another thread may still be setting up the log.
        Logger logger = LoggerFactory.getLogger(NodeCommand.class);
        long begin = System.nanoTime();
        NodeStart start = new NodeStart();
        Termination.drain(start.node(), () -> Conjunct.EXIT_OK);
        try {
            AdminStart admin = start.admin(server);
            DataDirectory data = start.data(kafka);
            startRoles(start, data);
            start.done();
            start.node()
                    .components()
                    .forEach(each ->
                            logger.info("{}: {}", each.name(), each.detail().isEmpty() ? "started" : each.detail()));
            logger.info(
                    "Started in {} ms, status at {}",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis(),
                    admin.await().url());
        } catch (RuntimeException e) {
            Termination.disarm();
            start.node().stop();
            throw e;
        }
        Termination.await();
        return Conjunct.EXIT_OK;
    }
}
