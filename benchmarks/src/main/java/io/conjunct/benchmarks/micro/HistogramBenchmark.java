// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.micro;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.google.protobuf.CodedOutputStream;
import com.tdunning.math.stats.MergingDigest;
import io.conjunct.histogram.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Our histogram and its peers on log-normal durations in nanoseconds; panes of 1,000 values. Relative error: ours and
 * DDSketch 1 %, HdrHistogram two digits, t-digest compression 100.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "-XX:+UseSerialGC"})
public class HistogramBenchmark {
    private static final int VALUES = 1 << 14;
    private static final int PANE = 1_000;
    private static final long HIGHEST = 3_600_000_000_000L;

    private final long[] values = new long[VALUES];
    private int at;

    private final Histogram ours = new Histogram();
    private final Histogram oursPane = new Histogram();
    private final Histogram oursExpired = new Histogram();
    private final org.HdrHistogram.Histogram hdr = new org.HdrHistogram.Histogram(HIGHEST, 2);
    private final org.HdrHistogram.Histogram hdrPane = new org.HdrHistogram.Histogram(HIGHEST, 2);
    private final org.HdrHistogram.Histogram hdrExpired = new org.HdrHistogram.Histogram(HIGHEST, 2);
    private final DDSketch dd = DDSketches.unboundedDense(0.01);
    private final DDSketch ddPane = DDSketches.unboundedDense(0.01);
    private final MergingDigest digest = new MergingDigest(100);
    private final MergingDigest digestPane = new MergingDigest(100);
    private final byte[] bytes = new byte[1 << 16];
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);

    /** Fills all of them with the same values. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < VALUES; i++) {
            double gaussian =
                    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
            values[i] = Math.min(HIGHEST, (long) (20e6 * Math.exp(gaussian)));
        }
        for (int i = 0; i < 10 * PANE; i++) {
            ours.record(values[i]);
            hdr.recordValue(values[i]);
            dd.accept(values[i]);
            digest.add(values[i]);
        }
        for (int i = 0; i < PANE; i++) {
            oursPane.record(values[i]);
            hdrPane.recordValue(values[i]);
            ddPane.accept(values[i]);
            digestPane.add(values[i]);
            oursExpired.record(values[PANE + i]);
            hdrExpired.recordValue(values[PANE + i]);
        }
    }

    private long value() {
        at = (at + 1) & (VALUES - 1);
        return values[at];
    }

    @Benchmark
    public void insertConjunct() {
        ours.record(value());
    }

    @Benchmark
    public void insertHdrHistogram() {
        hdr.recordValue(value());
    }

    @Benchmark
    public void insertDdSketch() {
        dd.accept(value());
    }

    @Benchmark
    public void insertTDigest() {
        digest.add(value());
    }

    @Benchmark
    public void mergeConjunct() {
        ours.add(oursPane);
    }

    @Benchmark
    public void mergeHdrHistogram() {
        hdr.add(hdrPane);
    }

    @Benchmark
    public void mergeDdSketch() {
        dd.mergeWith(ddPane);
    }

    @Benchmark
    public void mergeTDigest() {
        digest.add(digestPane);
    }

    /** Adds a pane and takes one back, twice; the peers without subtraction cannot. */
    @Benchmark
    @OperationsPerInvocation(2)
    public void slideConjunct() {
        ours.add(oursPane);
        ours.subtract(oursExpired);
        ours.add(oursExpired);
        ours.subtract(oursPane);
    }

    @Benchmark
    @OperationsPerInvocation(2)
    public void slideHdrHistogram() {
        hdr.add(hdrPane);
        hdr.add(hdrExpired);
        hdr.subtract(hdrExpired);
        hdr.subtract(hdrPane);
    }

    @Benchmark
    public double quantileConjunct() {
        return ours.quantile(0.99);
    }

    @Benchmark
    public long quantileHdrHistogram() {
        return hdr.getValueAtPercentile(99);
    }

    @Benchmark
    public double quantileDdSketch() {
        return dd.getValueAtQuantile(0.99);
    }

    @Benchmark
    public double quantileTDigest() {
        return digest.quantile(0.99);
    }

    @Benchmark
    public int serialiseConjunct() throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        oursPane.writeTo(out);
        return out.getTotalBytesWritten();
    }

    @Benchmark
    public int serialiseHdrHistogram() {
        buffer.clear();
        return hdrPane.encodeIntoByteBuffer(buffer);
    }

    @Benchmark
    public ByteBuffer serialiseDdSketch() {
        return ddPane.serialize();
    }

    @Benchmark
    public int serialiseTDigest() {
        buffer.clear();
        digestPane.asSmallBytes(buffer);
        return buffer.position();
    }
}
