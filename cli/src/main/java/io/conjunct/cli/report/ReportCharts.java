// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.cli.report;

import io.conjunct.record.Ledger;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The report's charts, as SVG that is read on light and on dark ground. */
final class ReportCharts {
    private static final Color CLEAR = new Color(0, 0, 0, 0);
    private static final Color WORDS = new Color(0x7f8a99);
    private static final Color REAL = new Color(0x2a9d6a);
    private static final Color NOISE = new Color(0xd9822b);
    private static final Color OPEN = new Color(0x9aa5b4);
    private static final int MOST_RULES = 8;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private ReportCharts() {}

    /** What the pages of each part of the time turned out to be. */
    static String pages(List<Ledger.Stretch> stretches) {
        CategoryChart chart = chart("pages");
        chart.getStyler().setStacked(true);
        List<String> days = new ArrayList<>();
        // Labels only so many as there is room for.
        int every = Math.max(1, (stretches.size() + 6) / 7);
        for (int i = 0; i < stretches.size(); i++) {
            String name = DAY.format(Instant.ofEpochMilli(stretches.get(i).startMillis()));
            days.add(i % every == 0 ? name : " ".repeat(i + 1));
        }
        series(chart, "incident", days, stretches, Ledger.Stretch::real, REAL);
        series(chart, "noise", days, stretches, Ledger.Stretch::noise, NOISE);
        series(chart, "no verdict", days, stretches, Ledger.Stretch::unknown, OPEN);
        return svg(chart);
    }

    private static void series(
            CategoryChart chart,
            String name,
            List<String> days,
            List<Ledger.Stretch> stretches,
            ToIntFunction<Ledger.Stretch> count,
            Color color) {
        chart.addSeries(name, days, stretches.stream().map(count::applyAsInt).toList())
                .setFillColor(color);
    }

    /** Hours a week that the worst rules cost for nothing. */
    static String waste(List<Report.Line> lines) {
        CategoryChart chart = chart("hours a week");
        List<Report.Line> worst = lines.stream()
                .filter(line -> line.record().hours() > 0)
                .limit(MOST_RULES)
                .toList();
        chart.getStyler().setXAxisLabelRotation(worst.size() > 3 ? 30 : 0);
        List<String> names = worst.stream().map(line -> line.record().rule()).toList();
        chart.addSeries(
                        "wasted",
                        names,
                        worst.stream()
                                .map(line -> line.record().unrecoveredHoursPerWeek())
                                .toList())
                .setFillColor(NOISE);
        if (worst.stream().anyMatch(line -> line.baseline().isPresent())) {
            chart.addSeries(
                            "wasted in the baseline",
                            names,
                            worst.stream()
                                    .map(line -> line.baseline()
                                            .map(was -> was.unrecoveredHoursPerWeek())
                                            .orElse(0.0))
                                    .toList())
                    .setFillColor(OPEN);
        }
        return svg(chart);
    }

    private static CategoryChart chart(String yTitle) {
        // No window is ever opened; without this a server without a display fails.
        System.setProperty("java.awt.headless", "true");
        CategoryChart chart = new CategoryChartBuilder()
                .width(560)
                .height(300)
                .yAxisTitle(yTitle)
                .build();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        chart.getStyler().setChartTitleVisible(false);
        chart.getStyler().setChartBackgroundColor(CLEAR);
        chart.getStyler().setPlotBackgroundColor(CLEAR);
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setChartFontColor(WORDS);
        chart.getStyler().setXAxisTickLabelsColor(WORDS);
        chart.getStyler().setYAxisTickLabelsColor(WORDS);
        chart.getStyler().setYAxisTitleColor(WORDS);
        chart.getStyler().setAxisTickMarksColor(WORDS);
        chart.getStyler().setPlotGridLinesColor(new Color(0x7f, 0x8a, 0x99, 90));
        chart.getStyler().setPlotGridLinesStroke(new BasicStroke(0.6f));
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setAxisTickLabelsFont(font);
        chart.getStyler().setAxisTitleFont(font);
        chart.getStyler().setLegendFont(font);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setLegendBackgroundColor(CLEAR);
        chart.getStyler().setLegendBorderColor(CLEAR);
        chart.getStyler().setAvailableSpaceFill(0.7);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisDecimalPattern("0.#");
        return chart;
    }

    private static String svg(CategoryChart chart) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String whole = out.toString(StandardCharsets.UTF_8);
        return whole.substring(whole.indexOf("<svg"));
    }
}
