// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Where this process listens for people and probes. */
final class ServerOptions extends Options {
    final Setting<String> bind =
            text("--bind", "ADDRESS", "127.0.0.1", "Address on which to listen; 0.0.0.0 is every interface");

    final Setting<Integer> adminPort =
            port("--admin-port", 8080, "Status page, /metrics, /healthz, /readyz; 0 for a free one");

    /** Why a port cannot be listened on, with what to change: its option, or the address. */
    ConfigurationProblem cannotListen(int port, String portOption, IOException why) {
        return isOfThisMachine()
                ? new ConfigurationProblem(
                        "cannot listen on " + bind.get() + ":" + port + " (" + why.getMessage() + "); choose another "
                                + portOption + ", or 0 for a free one",
                        why)
                : new ConfigurationProblem(
                        "--bind " + bind.get()
                                + " is no address of this machine; give one that is, or 0.0.0.0 for every"
                                + " interface",
                        why);
    }

    private boolean isOfThisMachine() {
        try {
            InetAddress address = InetAddress.getByName(bind.get());
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
