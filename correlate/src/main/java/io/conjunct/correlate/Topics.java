// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * The product's topics: their names, and how they must be set. They are created where they are missing; existing ones
 * are never changed, but contrary settings are refused.
 *
 * @param prefix stands before every name, {@code conjunct.} unless configured
 */
public record Topics(String prefix) {
    static final int MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

    private static final String DAY = String.valueOf(24L * 3600 * 1000);
    private static final String DAYS_90 = String.valueOf(90L * 24 * 3600 * 1000);
    private static final String WEEK = String.valueOf(7L * 24 * 3600 * 1000);

    public Topics {
        requireNonNull(prefix, "prefix");
    }

    /** Event batches and rule changes, spread freely; the only input. */
    public String events() {
        return prefix + "events";
    }

    /** Whether a record of {@link #events()} changes the rules instead of bringing events. */
    public static boolean changesRules(byte @Nullable [] key) {
        return Arrays.equals(MeasureStep.RULES, key);
    }

    /** What batches contributed, by deciding task. */
    public String partials() {
        return prefix + "partials";
    }

    /** Signal values per tick. */
    public String signals() {
        return prefix + "signals";
    }

    /** Every alert transition, by alert. */
    public String alerts() {
        return prefix + "alerts";
    }

    /** What was sent to whom, by receiver and episode; compacted. */
    public String deliveries() {
        return prefix + "deliveries";
    }

    /** What people and providers said about pages, by episode. */
    public String verdicts() {
        return prefix + "verdicts";
    }

    /** What the legs of rules alone would have paged, by rule and day; compacted. */
    public String legPages() {
        return prefix + "leg-pages";
    }

    /** Each rule's track record, by rule; compacted. */
    public String trackRecords() {
        return prefix + "track-records";
    }

    /** The rule set published last, and which of them each task decides by; compacted. */
    public String rules() {
        return prefix + "rules";
    }

    /** Records that could not be read or delivered. */
    public String deadLetters() {
        return prefix + "dead-letters";
    }

    /** How a topic is made. */
    private record Plan(String name, int partitions, Map<String, String> config) {}

    private List<Plan> plans(int eventPartitions, int taskPartitions) {
        String large = String.valueOf(MAX_MESSAGE_BYTES);
        return List.of(
                // The broker's clock stamps the records: old event times must not make retention delete a backlog.
                // Batches are small, but a change of rules is one record.
                new Plan(
                        events(),
                        eventPartitions,
                        Map.of(
                                "cleanup.policy",
                                "delete",
                                "retention.ms",
                                WEEK,
                                "max.message.bytes",
                                large,
                                "message.timestamp.type",
                                "LogAppendTime")),
                new Plan(
                        partials(),
                        taskPartitions,
                        Map.of("cleanup.policy", "delete", "retention.ms", DAY, "max.message.bytes", large)),
                new Plan(signals(), taskPartitions, Map.of("cleanup.policy", "delete", "retention.ms", WEEK)),
                alertsPlan(),
                legPagesPlan(),
                new Plan(rules(), 1, Map.of("cleanup.policy", "compact", "max.message.bytes", large)),
                new Plan(
                        deadLetters(),
                        1,
                        Map.of("cleanup.policy", "delete", "retention.ms", WEEK, "max.message.bytes", large)));
    }

    private Plan alertsPlan() {
        return new Plan(alerts(), 1, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
    }

    private Plan legPagesPlan() {
        return new Plan(legPages(), 1, Map.of("cleanup.policy", "compact"));
    }

    /** The ledger must find all topics it reads, also those that others fill, wherever it starts first. */
    private List<Plan> ledgerPlans() {
        return List.of(
                alertsPlan(),
                legPagesPlan(),
                new Plan(deliveries(), 1, Map.of("cleanup.policy", "compact,delete", "retention.ms", DAYS_90)),
                new Plan(verdicts(), 1, Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
                new Plan(trackRecords(), 1, Map.of("cleanup.policy", "compact")));
    }

    /**
     * Creates what the ledger reads and writes where it is missing, and checks what is there.
     *
     * @throws IllegalStateException when an existing topic is set contrary to what correctness needs
     */
    void ensureLedger(Admin admin, short replication) throws InterruptedException {
        try {
            ensure(admin, ledgerPlans(), replication);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot prepare the ledger's topics " + prefix + "*: " + e.getCause(), e);
        }
    }

    /** How many partitions the topics that decide have. */
    record Layout(int eventPartitions, int taskPartitions) {}

    /**
     * Creates what is missing and checks what is there.
     *
     * @param wanted partition counts of topics that do not exist yet; existing ones keep theirs
     * @throws IllegalStateException when an existing topic is set contrary to what correctness needs
     */
    Layout ensure(Admin admin, Layout wanted, short replication) throws InterruptedException {
        List<Plan> plans = plans(wanted.eventPartitions(), wanted.taskPartitions());
        try {
            Map<String, TopicDescription> topics = ensure(admin, plans, replication);
            return new Layout(partitions(topics, events()), partitions(topics, partials()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot prepare the topics " + prefix + "*: " + e.getCause(), e);
        }
    }

    private static Map<String, TopicDescription> ensure(Admin admin, List<Plan> plans, short replication)
            throws ExecutionException, InterruptedException {
        var existing = admin.listTopics().names().get();
        List<NewTopic> missing = plans.stream()
                .filter(plan -> !existing.contains(plan.name()))
                .map(plan -> new NewTopic(plan.name(), plan.partitions(), replication).configs(plan.config()))
                .toList();
        for (var created : admin.createTopics(missing).values().values()) {
            try {
                created.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        Map<String, TopicDescription> topics =
                describe(admin, plans.stream().map(Plan::name).toList());
        refuseContrary(admin, plans);
        return topics;
    }

    private static int partitions(Map<String, TopicDescription> topics, String name) {
        return requireNonNull(topics.get(name), name).partitions().size();
    }

    /** A topic just created may take a moment to be known everywhere. */
    private static Map<String, TopicDescription> describe(Admin admin, List<String> names)
            throws ExecutionException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return admin.describeTopics(names).allTopicNames().get();
            } catch (ExecutionException e) {
                if (attempt == 50) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static void refuseContrary(Admin admin, List<Plan> plans) throws ExecutionException, InterruptedException {
        Map<ConfigResource, Plan> resources = plans.stream()
                .collect(Collectors.toMap(p -> new ConfigResource(ConfigResource.Type.TOPIC, p.name()), p -> p));
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(resources.keySet()).all().get();
        List<String> contrary = new ArrayList<>();
        resources.forEach((resource, plan) -> {
            ConfigEntry policy =
                    requireNonNull(configs.get(resource), plan.name()).get("cleanup.policy");
            String needed = requireNonNull(plan.config().get("cleanup.policy"), "cleanup.policy");
            if (policy != null && !needed.equals(policy.value())) {
                contrary.add("topic " + plan.name() + " has cleanup.policy=" + policy.value() + " (expected: " + needed
                        + ")");
            }
        });
        if (!contrary.isEmpty()) {
            throw new IllegalStateException(
                    String.join("; ", contrary) + ". Alter it, or choose another --topic-prefix.");
        }
    }
}
