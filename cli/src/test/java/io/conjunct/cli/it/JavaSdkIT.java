// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.sink.fakes.FakePagerDuty;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified OpenTelemetry Java SDK as the client of the packaged product, and PagerDuty as its receiver. */
@SuppressWarnings("NullAway.Init")
final class JavaSdkIT {
    @TempDir
    static Path directory;

    private static FakePagerDuty pagerDuty;
    private static ConjunctProcess conjunct;

    @BeforeAll
    static void start() throws Exception {
        pagerDuty = FakePagerDuty.start();
        conjunct = new ConjunctProcess(directory)
                .rule("grpc.yaml", CachePathRules.of("sdk-grpc"))
                .rule("http.yaml", CachePathRules.of("sdk-http"))
                .rule("versions.yaml", Files.readString(Path.of("..", "rules", "examples", "versions.yaml")))
                .pages(pagerDuty);
        conjunct.startAndAwaitReady();
    }

    @AfterAll
    static void stop() {
        conjunct.close();
        pagerDuty.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http"})
    void slowReadsWithAWarmCache_pageOnceAndResolve_andEverySpanIsCounted(String protocol) throws Exception {
        String service = "sdk-" + protocol;
        PagedOnce paged = new PagedOnce(conjunct, pagerDuty, service);
        Map<String, Integer> sent;
        try (SdkReadApi api = SdkReadApi.start(service, exporter(protocol))) {
            api.slow(true);
            paged.awaitFiring();
            api.slow(false);
            paged.awaitResolved();
            sent = api.stop();
        }
        new Log(conjunct.bootstrap())
                .awaitCounts(service, counts -> assertThat(counts).isEqualTo(sent));
        paged.assertOnePage();
        paged.assertTold("\"change\":\"" + service + " is on " + SdkReadApi.VERSION + ", since ");
        assertThat(conjunct.stderr()).doesNotContain("\tat ");
    }

    private static SpanExporter exporter(String protocol) {
        return protocol.equals("grpc")
                ? OtlpGrpcSpanExporter.builder()
                        .setEndpoint(conjunct.otlpGrpc())
                        .build()
                : OtlpHttpSpanExporter.builder()
                        .setEndpoint(conjunct.otlpHttp("/v1/traces").toString())
                        .build();
    }
}
