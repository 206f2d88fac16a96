// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli;

import io.conjunct.backtest.Sweep;
import io.conjunct.backtest.Sweep.Point;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Pages and incidents caught over the values of a sweep, as SVG. */
final class SweepChart {
    private SweepChart() {}

    static void write(Path file, Sweep sweep, List<Point> points) throws IOException {
        // No window is ever opened; without this a server without a display fails.
        System.setProperty("java.awt.headless", "true");
        boolean duration = sweep.key().equals("for") || sweep.key().equals("within");
        XYChart chart = new XYChartBuilder()
                .width(800)
                .height(450)
                .title(sweep.rule() + ": " + sweep.key())
                .xAxisTitle(sweep.key() + (duration ? " (minutes)" : ""))
                .yAxisTitle("pages, incidents")
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setYAxisMin(0.0);
        double[] x = points.stream().mapToDouble(Point::number).toArray();
        chart.addSeries(
                "pages", x, points.stream().mapToDouble(p -> p.score().pages()).toArray());
        chart.addSeries(
                "false pages",
                x,
                points.stream().mapToDouble(p -> p.score().falsePages()).toArray());
        chart.addSeries(
                "incidents caught",
                x,
                points.stream().mapToDouble(p -> p.score().caught().size()).toArray());
        try (OutputStream out = Files.newOutputStream(file)) {
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        }
    }
}
