// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

/** The rule of the tests: reads are slow although the cache is warm. Short windows, so that a test takes a minute. */
final class CachePathRules {
    private CachePathRules() {}

    /** The file for one service; group and service have the same name. */
    static String of(String service) {
        return """
                groups:
                - name: %1$s
                  owner: docs-platform
                  signals:
                    read_p99:  {measure: p99(duration),           of: span, where: {service.name: %1$s, span.kind: server},   over: 10s, min_samples: 300}
                    hit_ratio: {measure: ratio(cache.hit = true), of: span, where: {service.name: %1$s, span.name: RedisGET}, over: 10s}
                    reads:     {measure: count,                   of: span, where: {service.name: %1$s, span.kind: server},   over: 1h}
                  rules:
                  - alert: CachePathSlow_%2$s
                    when: read_p99 > 300ms AND hit_ratio > 80%% AND reads >= 1
                    for: 4s
                    tier: page
                    annotations: {summary: "Reads are slow although the cache is warm", runbook_url: "https://runbooks.example.com/cache-path"}
                """.formatted(service, service.replace('-', '_'));
    }
}
