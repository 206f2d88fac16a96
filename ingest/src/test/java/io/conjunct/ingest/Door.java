// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.conjunct.ingest.otlp.Signal;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The three ways into a sidecar, for tests that concern all of them. */
enum Door {
    GRPC,
    HTTP_PROTOBUF,
    HTTP_JSON;

    private static final Pattern REJECTED = Pattern.compile("\"rejected\\w+\":\"(\\d+)\"");
    private static final Pattern MESSAGE = Pattern.compile("\"errorMessage\":\"(.*?)\"");

    /**
     * How a request ended.
     *
     * @param status of HTTP, or what corresponds to the code of gRPC
     * @param partial whether partial_success is set
     */
    record Answer(int status, boolean partial, long rejected, String message) {
        static final Answer SUCCESS = new Answer(200, false, 0, "");
    }

    Answer export(Fixture fixture, Signal signal, Message request) {
        return export(fixture, signal, this == HTTP_JSON ? OtlpJson.of(request) : request.toByteArray(), false);
    }

    Answer export(Fixture fixture, Signal signal, byte[] body, boolean gzip) {
        return this == GRPC ? call(fixture, signal, body, gzip) : post(fixture, signal, body, gzip);
    }

    private Answer post(Fixture fixture, Signal signal, byte[] body, boolean gzip) {
        HttpRequest.Builder request = fixture.request(signal.httpPath())
                .header("Content-Type", this == HTTP_JSON ? "application/json" : "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(gzip ? Fixture.gzip(body) : body));
        if (gzip) {
            request.header("Content-Encoding", "gzip");
        }
        HttpResponse<byte[]> response = fixture.send(request.build());
        if (response.statusCode() != 200) {
            return new Answer(response.statusCode(), false, 0, Fixture.text(response));
        }
        return this == HTTP_JSON ? parseJson(response.body()) : parse(response.body());
    }

    private static Answer parseJson(byte[] response) {
        String text = new String(response, StandardCharsets.UTF_8);
        Matcher rejected = REJECTED.matcher(text);
        Matcher message = MESSAGE.matcher(text);
        return new Answer(
                200,
                text.contains("partialSuccess"),
                rejected.find() ? Long.parseLong(rejected.group(1)) : 0,
                message.find() ? message.group(1) : "");
    }

    /** The three responses have the same fields. */
    private static Answer parse(byte[] response) {
        try {
            var parsed = ExportTraceServiceResponse.parseFrom(response);
            return new Answer(
                    200,
                    parsed.hasPartialSuccess(),
                    parsed.getPartialSuccess().getRejectedSpans(),
                    parsed.getPartialSuccess().getErrorMessage());
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer call(Fixture fixture, Signal signal, byte[] body, boolean gzip) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", fixture.sidecar.grpcPort())
                .usePlaintext()
                .build();
        MethodDescriptor.Marshaller<byte[]> raw = new Raw();
        var method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(signal.grpcService() + "/Export")
                .setRequestMarshaller(raw)
                .setResponseMarshaller(raw)
                .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
        try {
            return parse(ClientCalls.blockingUnaryCall(
                    channel, method, gzip ? options.withCompression("gzip") : options, body));
        } catch (StatusRuntimeException e) {
            int status = switch (e.getStatus().getCode()) {
                case INVALID_ARGUMENT -> 400;
                case UNAUTHENTICATED -> 401;
                case RESOURCE_EXHAUSTED -> 413;
                case UNAVAILABLE -> 503;
                default -> 500;
            };
            return new Answer(status, false, 0, String.valueOf(e.getStatus().getDescription()));
        } finally {
            channel.shutdownNow();
        }
    }

    /** Bytes as they are. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
