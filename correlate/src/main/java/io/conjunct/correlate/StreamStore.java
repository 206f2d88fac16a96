// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.correlate;

import io.conjunct.engine.Store;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The engine's store on Kafka Streams: RocksDB with a changelog. No cache stands before it, so every write is in the
 * transaction of the record that caused it: what is buffered on the heap and flushed at a commit is lost by a crash.
 */
final class StreamStore implements Store {
    /** A changelog is compacted soon and in small segments, so that a restore reads little more than the live state. */
    private static final Map<String, String> CHANGELOG = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", String.valueOf(32 * 1024 * 1024),
            "min.cleanable.dirty.ratio", "0.1",
            "max.compaction.lag.ms", String.valueOf(3_600_000),
            "max.message.bytes", String.valueOf(Topics.MAX_MESSAGE_BYTES));

    private final KeyValueStore<Bytes, byte[]> store;

    StreamStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG)
                .withCachingDisabled();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(Bytes.wrap(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.put(Bytes.wrap(key), value);
    }

    @Override
    public void delete(byte[] key) {
        store.delete(Bytes.wrap(key));
    }

    @Override
    public void scan(byte[] prefix, Visitor visitor) {
        try (KeyValueIterator<Bytes, byte[]> entries =
                store.prefixScan(Bytes.wrap(prefix), Serdes.Bytes().serializer())) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                visitor.entry(entry.key.get(), entry.value);
            }
        }
    }
}
