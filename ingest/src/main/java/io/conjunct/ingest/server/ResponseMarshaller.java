// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Passes encoded responses on to gRPC. */
final class ResponseMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] response) {
        return new ByteArrayInputStream(response);
    }

    @Override
    public byte[] parse(InputStream stream) {
        throw new UnsupportedOperationException("a server sends responses, it does not read them");
    }
}
