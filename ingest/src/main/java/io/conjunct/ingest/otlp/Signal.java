// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.otlp;

import java.util.List;

/** One of the three sorts of telemetry an OTLP export request carries. */
public enum Signal {
    TRACES("trace", "Trace", "rejectedSpans", "span", "resourceSpans", "scopeSpans", "spans"),
    LOGS("logs", "Logs", "rejectedLogRecords", "log", "resourceLogs", "scopeLogs", "logRecords"),
    METRICS("metrics", "Metrics", "rejectedDataPoints", "metric", "resourceMetrics", "scopeMetrics", "metrics");

    private final String packageName;
    private final String serviceName;
    private final String rejectedKey;
    private final String label;
    private final List<String> jsonLists;

    Signal(String packageName, String serviceName, String rejectedKey, String label, String... jsonLists) {
        this.packageName = packageName;
        this.serviceName = serviceName;
        this.rejectedKey = rejectedKey;
        this.label = label;
        this.jsonLists = List.of(jsonLists);
    }

    /** Full name of its gRPC service. */
    public String grpcService() {
        return "opentelemetry.proto.collector." + packageName + ".v1." + serviceName + "Service";
    }

    /** Path of its HTTP endpoint. */
    public String httpPath() {
        return switch (this) {
            case TRACES -> "/v1/traces";
            case LOGS -> "/v1/logs";
            case METRICS -> "/v1/metrics";
        };
    }

    /** Keys of the lists in a JSON request, one in an element of the other: of resources, of scopes, of records. */
    public List<String> jsonLists() {
        return jsonLists;
    }

    /** Name of the rejected count in a JSON response. */
    public String rejectedKey() {
        return rejectedKey;
    }

    /** What one of its records is called in metrics. */
    public String label() {
        return label;
    }
}
