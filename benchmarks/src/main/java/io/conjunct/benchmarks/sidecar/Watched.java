// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says a process costs. */
record Watched(long pid) {
    /** User time and system time are these fields of {@code /proc/PID/stat}, counted behind the name of the command. */
    private static final int USER_TIME = 11;

    /** Linux counts in these whatever the kernel's own clock does. */
    private static final double TICKS_PER_SECOND = 100;

    double cpuSeconds() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) / TICKS_PER_SECOND;
    }

    /** Resident memory now, MiB. */
    double residentMib() throws IOException {
        return mib("VmRSS:");
    }

    /** The most that ever was resident, MiB. */
    double peakMib() throws IOException {
        return mib("VmHWM:");
    }

    private double mib(String name) throws IOException {
        List<String> lines = Files.readAllLines(proc("status"));
        String line = lines.stream()
                .filter(each -> each.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " is gone"));
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
