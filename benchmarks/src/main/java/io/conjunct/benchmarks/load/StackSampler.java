// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.load;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks every 20 ms at what the stream threads are doing and sorts it by the innermost frame it knows. Threads that wait
 * are not counted. Good to a few per cent: the JVM lets itself be looked at only at safepoints.
 */
final class StackSampler {
    /** Class and method of a frame, and what it means; the first found from the innermost frame outwards counts. */
    private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("org.rocksdb.", "RocksDB");
        MEANINGS.put("ChangeLoggingKeyValueBytesStore.log", "changelog");
        MEANINGS.put("RecordCollectorImpl.send", "send");
        MEANINGS.put("EventBatchReader.", "decode");
        MEANINGS.put("Partial.encode", "pack partials");
        MEANINGS.put("Partial.decode", "unpack partials");
        MEANINGS.put("Measurer.onBatch", "measure");
        MEANINGS.put("Decider.onPartial", "decide");
        MEANINGS.put("SignalJson.", "write signals");
        MEANINGS.put("commitTransaction", "commit");
        MEANINGS.put("TaskManager.commit", "commit");
        MEANINGS.put("KafkaConsumer.poll", "poll");
    }

    private static final List<String> WAITING = List.of("EPoll.wait", "Unsafe.park", "Object.wait");

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stack-sampler");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Integer> seen = new HashMap<>();

    private StackSampler() {}

    static StackSampler start() {
        StackSampler sampler = new StackSampler();
        var unused = sampler.clock.scheduleAtFixedRate(sampler::look, 20, 20, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private synchronized void look() {
        Thread[] threads = new Thread[Thread.activeCount() + 16];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().contains("StreamThread") && threads[i].getState() == Thread.State.RUNNABLE) {
                String meaning = meaningOf(threads[i].getStackTrace());
                if (!meaning.isEmpty()) {
                    seen.merge(meaning, 1, Integer::sum);
                }
            }
        }
    }

    private static String meaningOf(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String name = frame.getClassName() + "." + frame.getMethodName();
            if (WAITING.stream().anyMatch(name::endsWith)) {
                return "";
            }
            for (Map.Entry<String, String> meaning : MEANINGS.entrySet()) {
                if (name.contains(meaning.getKey())) {
                    return meaning.getValue();
                }
            }
        }
        return stack.length == 0 ? "" : "Kafka Streams";
    }

    /** Ends the looking; what was seen as shares, largest first. */
    synchronized Map<String, Double> stop() {
        clock.shutdownNow();
        double all = seen.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        seen.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(e -> shares.put(e.getKey(), e.getValue() / all));
        return shares;
    }
}
