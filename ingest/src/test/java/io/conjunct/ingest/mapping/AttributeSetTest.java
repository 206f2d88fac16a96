// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.event.Series;
import io.conjunct.ingest.metrics.IngestMetrics;
import io.conjunct.ingest.otlp.Attribute;
import io.conjunct.ingest.otlp.AttributeName;
import io.conjunct.ingest.otlp.AttributeName.Reading;
import io.conjunct.ingest.otlp.Signal;
import io.conjunct.ingest.profile.IngestProfile;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeSetTest {
    private final AttributeSets sets = new AttributeSets();
    private final AttributeName key = new AttributeName("key", Reading.TEXT);
    private final AttributeName other = new AttributeName("other", Reading.TEXT);

    @Test
    void theSameAttributesInTheSameOrder_areTheSameObject() {
        AttributeSet resource = sets.empty().with(new Attribute(key, "a")).asResource("shop");
        AttributeSet once = resource.with(new Attribute(key, "b")).with(new Attribute(other, "c"));
        AttributeSet again = sets.empty()
                .with(new Attribute(key, "a"))
                .asResource("shop")
                .with(new Attribute(key, "b"))
                .with(new Attribute(other, "c"));
        assertThat(again).isSameAs(once);
        assertThat(once.ofRecord()).containsExactly(new Attribute(key, "b"), new Attribute(other, "c"));
        assertThat(once.ofResource()).containsExactly(new Attribute(key, "a"));
        assertThat(once.service).isEqualTo("shop");
        assertThat(once.count).isEqualTo(3);
    }

    @Test
    void anotherOrderValueOrResource_isAnotherSet() {
        AttributeSet resource = sets.empty().asResource("shop");
        AttributeSet set = resource.with(new Attribute(key, "b")).with(new Attribute(other, "c"));
        assertThat(List.of(
                        resource.with(new Attribute(other, "c")).with(new Attribute(key, "b")),
                        resource.with(new Attribute(key, "x")).with(new Attribute(other, "c")),
                        sets.empty()
                                .asResource("cart")
                                .with(new Attribute(key, "b"))
                                .with(new Attribute(other, "c")),
                        sets.empty().with(new Attribute(key, "b")).asResource("shop")))
                .doesNotContain(set);
    }

    /** More sets than are remembered, in one request: each record still has its own series and its resource's attributes. */
    @Test
    void forgettingInTheMidstOfARequest_changesNoSeries() {
        Mapping mapping = new Mapping(10_000, 0, 100, new IngestMetrics(new PrometheusRegistry()));
        RequestMapper mapper = mapping.newMapper();
        mapper.begin(Signal.TRACES, IngestProfile.keepOnly(Set.of("zone", "table"), Set.of()), 0);
        AttributeName zone = mapper.name("zone");
        AttributeName table = mapper.name("table");
        AttributeName service = mapper.name("service.name");
        mapper.attribute(new Attribute(service, "shop"));
        mapper.attribute(new Attribute(zone, "eu"));
        mapper.resource();
        int records = 10_000;
        for (int i = 0; i < records; i++) {
            mapper.attribute(new Attribute(table, "t" + i % 5_000));
            mapper.span("SELECT", 3, 1_000_000, 2_000_000, 0, 1, 1, true);
        }
        assertThat(mapper.tally().accepted()).isEqualTo(records);
        assertThat(mapper.stage().size()).isEqualTo(records);
        for (int row = 0; row < records; row++) {
            Series series = mapper.stage().series(mapper.stage().seriesOf(row));
            String expected = row < IngestProfile.MAX_VALUES_PER_KEY ? "t" + row : null;
            assertThat(series.service()).isEqualTo("shop");
            assertThat(series.get("zone")).isEqualTo("eu");
            if (expected != null) {
                assertThat(series.get("table")).isEqualTo(expected);
            }
        }
        assertThat(mapper.stage().series(mapper.stage().seriesOf(records - 1)).get("table"))
                .isEqualTo(IngestProfile.OTHER);
    }
}
