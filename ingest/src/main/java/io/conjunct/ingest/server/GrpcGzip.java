// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.Decompressor;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks gRPC messages. gRPC's own would do so in pieces of 512 bytes. */
final class GrpcGzip implements Decompressor {
    private static final int PIECE = 16 * 1024;

    @Override
    public String getMessageEncoding() {
        return "gzip";
    }

    @Override
    public InputStream decompress(InputStream packed) throws IOException {
        return new GZIPInputStream(packed, PIECE);
    }
}
