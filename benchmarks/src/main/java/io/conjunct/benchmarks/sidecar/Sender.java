// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.benchmarks.sidecar;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** One client's connection. Not thread-safe. */
interface Sender extends AutoCloseable {
    /**
     * Sends an export request of spans and waits for its answer.
     *
     * @return whether it was accepted
     * @throws IOException when there was no answer
     */
    boolean send(byte[] request) throws IOException;

    @Override
    void close() throws IOException;

    /** How clients speak. */
    enum Transport {
        HTTP(false, false),
        HTTP_GZIP(false, true),
        GRPC(true, false),
        GRPC_GZIP(true, true);

        private final boolean grpc;
        private final boolean gzip;

        Transport(boolean grpc, boolean gzip) {
            this.grpc = grpc;
            this.gzip = gzip;
        }

        boolean gzip() {
            return gzip;
        }

        Sender connect(int httpPort, int grpcPort) throws IOException {
            return grpc ? new Grpc(grpcPort, gzip) : new Http(httpPort, gzip);
        }

        @Override
        public String toString() {
            return (grpc ? "gRPC" : "HTTP") + (gzip ? ", gzip" : "");
        }
    }

    /** HTTP/1.1 over a plain socket: a client that costs next to nothing. */
    final class Http implements Sender {
        private final Socket socket;
        private final InputStream in;
        private final boolean gzip;

        Http(int port, boolean gzip) throws IOException {
            this.gzip = gzip;
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        @Override
        public boolean send(byte[] request) throws IOException {
            byte[] body = gzip ? zip(request) : request;
            return status(body) == 200;
        }

        /** The status that a body gets, sent as it is. */
        int status(byte[] body) throws IOException {
            String head = "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
                    + (gzip ? "Content-Encoding: gzip\r\n" : "") + "Content-Length: " + body.length + "\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String first = line();
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Integer.parseInt(header.substring(15).trim());
                }
            }
            in.skipNBytes(length);
            return Integer.parseInt(first.split(" ", -1)[1]);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection ended");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        static byte[] zip(byte[] plain) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4);
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                out.write(plain);
            }
            return bytes.toByteArray();
        }
    }

    /** gRPC over a channel of its own. */
    final class Grpc implements Sender {
        private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
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
        };
        private static final MethodDescriptor<byte[], byte[]> EXPORT = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();

        private final ManagedChannel channel;
        private final CallOptions options;

        Grpc(int port, boolean gzip) {
            channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
            options = gzip ? CallOptions.DEFAULT.withCompression("gzip") : CallOptions.DEFAULT;
        }

        @Override
        public boolean send(byte[] request) throws IOException {
            return status(request).isOk();
        }

        /** The status that a body gets. */
        Status status(byte[] request) throws IOException {
            try {
                var unused = ClientCalls.blockingUnaryCall(channel, EXPORT, options, request);
                return Status.OK;
            } catch (StatusRuntimeException e) {
                return e.getStatus();
            }
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
