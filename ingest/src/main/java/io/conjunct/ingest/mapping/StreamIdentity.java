// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

/**
 * What a stream of metric points is known by: its resource, scope and metric and its attributes, whether rules read them or
 * not, as sixty-four well mixed bits. Told of them in the order in which a request is read.
 */
final class StreamIdentity {
    private long resource;
    private long scope;
    private long record;

    /** An attribute of the resource or record that is being read; their order does not matter. */
    void attribute(String name, String value) {
        record += mix(name, value);
    }

    /** The attributes so far were a resource's. */
    void resource() {
        resource = record;
        scope = 0;
    }

    void scope(String name) {
        scope = mix(name, "scope");
    }

    /** The stream that a point of this metric belongs to, with the attributes so far. */
    long of(String metric) {
        return (resource * 31 + scope) * 31 + mix(metric, "metric") + record * 17;
    }

    /** The next attributes are another record's. */
    void forgetRecord() {
        record = 0;
    }

    private static long mix(String a, String b) {
        long hash = 0x9E3779B97F4A7C15L;
        for (int i = 0; i < a.length(); i++) {
            hash = (hash ^ a.charAt(i)) * 0x100000001B3L;
        }
        hash = Long.rotateLeft(hash, 31) * 0xBF58476D1CE4E5B9L;
        for (int i = 0; i < b.length(); i++) {
            hash = (hash ^ b.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ hash >>> 29) * 0x94D049BB133111EBL;
        return hash ^ hash >>> 32;
    }
}
