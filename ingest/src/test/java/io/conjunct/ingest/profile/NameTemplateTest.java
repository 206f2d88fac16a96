// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "GET /users/12345,GET /users/{n}",
        "GET /users/0af76519-16cd-43dd-8448-eb211c80319c/cart,GET /users/{id}/cart",
        "job 507f1f77bcf86cd799439011,job {id}",
        "order-DEADBEEF01,order-{id}",
        "lookup_42_of_7,lookup_{n}_of_{n}",
        "session 9xKq72LmPz81RtYw3B,session {id}",
    })
    void idsAndNumbers_becomePlaceholders(String name, String template) {
        assertThat(NameTemplate.of(name)).isEqualTo(template);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/cart",
        "RedisGET",
        "s3.PutObject",
        "decode utf8",
        "Base64Encoder.encode",
        "SELECT shop.orders",
        "feedface",
        "oauth2/token",
        "HikariPool2Connection",
        "GET /users/{id}",
        "处理订单"
    })
    void operations_stayAsTheyAre(String name) {
        assertThat(NameTemplate.of(name)).isSameAs(name);
    }
}
