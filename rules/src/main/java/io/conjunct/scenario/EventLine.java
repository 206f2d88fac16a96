// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.scenario;

import io.conjunct.event.Field;
import io.conjunct.event.Kind;
import io.conjunct.event.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One line of {@code given}: events of one sort, again and again.
 *
 * @param attributes as rules address them, {@code service.name} and the name included; several values take turns
 * @param amounts what each event measures, by field
 * @param seed of everything random in this line
 */
record EventLine(
        Kind kind, Map<String, List<String>> attributes, Map<String, Amount> amounts, Schedule schedule, long seed) {
    EventLine {
        attributes = new LinkedHashMap<>(attributes);
        amounts = new TreeMap<>(amounts);
    }

    /** Takes the events in the order of their instants. */
    interface Sink {
        void event(long millis, Series series, Object[] values);
    }

    /** A place in the line from which it goes on. */
    final class Cursor {
        private final SplittableRandom random = new SplittableRandom(seed);
        private final Map<List<String>, Series> known = new HashMap<>();
        private final List<Field> fields = fields();
        private long next;
        private long number;

        /** Hands out all events whose instant, before jitter, is earlier than this. */
        void before(long millis, Sink sink) {
            long instants = schedule.instants();
            while (next < instants && schedule.instant(next) < millis) {
                long instant = schedule.instant(next++);
                for (int i = 0; i < schedule.burst(); i++) {
                    emit(instant, sink);
                }
            }
        }

        private void emit(long instant, Sink sink) {
            long event = number++;
            long millis = schedule.jitter() == 0 ? instant : instant + random.nextLong(schedule.jitter());
            Object[] values = new Object[fields.size()];
            double progress = schedule.progress(instant);
            for (int i = 0; i < values.length; i++) {
                Field field = fields.get(i);
                Amount amount = amounts.get(field.name());
                double value = amount == null ? 0 : amount.at(event, instant, progress, random);
                if (field.type() == Field.Type.DURATION) {
                    values[i] = Math.max(0, Math.round(value));
                } else {
                    values[i] = value;
                }
            }
            if (!schedule.drops(millis)) {
                sink.event(millis, series(event), values);
            }
        }

        private Series series(long event) {
            List<String> combination = new ArrayList<>(attributes.size());
            attributes.values().forEach(choice -> combination.add(choice.get((int) (event % choice.size()))));
            return known.computeIfAbsent(combination, c -> {
                TreeMap<String, String> chosen = new TreeMap<>();
                int i = 0;
                for (String key : attributes.keySet()) {
                    chosen.put(key, c.get(i++));
                }
                String service = chosen.remove(Series.SERVICE_NAME);
                String name = chosen.remove(nameKey(kind));
                return new Series(kind, service == null ? "" : service, name == null ? "" : name, chosen, fields);
            });
        }
    }

    /** The attribute under which rules know the name of such an event. */
    static String nameKey(Kind kind) {
        return switch (kind) {
            case SPAN -> Series.SPAN_NAME;
            case EVENT -> Series.EVENT_NAME;
            case METRIC -> Series.METRIC_NAME;
        };
    }

    private List<Field> fields() {
        return amounts.keySet().stream()
                .map(name -> kind == Kind.SPAN && name.equals(Field.DURATION) ? Field.duration() : Field.number(name))
                .sorted()
                .toList();
    }
}
