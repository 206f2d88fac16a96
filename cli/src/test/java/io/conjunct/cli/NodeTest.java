// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.conjunct.cli.Component.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeTest {
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());
    private final Node node = new Node();

    @Test
    void stop_closesInTheOrderOfTheData() {
        add("admin", Stage.FOUNDATION);
        add("data", Stage.FOUNDATION);
        add("broker", Stage.FOUNDATION);
        add("correlator", Stage.CORRELATION);
        add("sink", Stage.DELIVERY);
        add("sidecar", Stage.INTAKE);
        assertThat(node.stop()).isTrue();
        assertThat(closed).containsExactly("sidecar", "correlator", "sink", "broker", "data", "admin");
    }

    @Test
    void stop_whenOneFails_closesTheOthersAndSaysSo() {
        add("broker", Stage.FOUNDATION);
        node.add(new Component("sidecar", Stage.INTAKE, Optional::empty, "", () -> {
            throw new IOException("disk gone");
        }));
        assertThat(node.stop()).isFalse();
        assertThat(closed).containsExactly("broker");
    }

    @Test
    void stop_twice_closesOnce() {
        add("broker", Stage.FOUNDATION);
        assertThat(node.stop()).isTrue();
        assertThat(node.stop()).isTrue();
        assertThat(node.stopping()).isTrue();
        assertThat(closed).containsExactly("broker");
    }

    private void add(String name, Stage stage) {
        node.add(new Component(name, stage, Optional::empty, "", () -> closed.add(name)));
    }
}
