// Copyright The Conjunct Authors.
// SPDX-License-Identifier: Apache-2.0
package io.conjunct.ingest.server;

import io.conjunct.ingest.server.Bytes.NoRoomException;
import io.conjunct.ingest.server.Bytes.TooLongException;
import io.conjunct.ingest.spool.FaultPoint.Moment;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** What is done with the bodies of HTTP requests on threads that may work for long. Nothing here throws. */
record HttpWork(HttpDoor door) {

    /** Moves what came of a body to its file; why the rest need not come, null when it has to. */
    @Nullable
    Reply spill(ArrivingBody body) {
        try {
            body.spill();
            return null;
        } catch (TooLongException e) {
            return tooLong();
        } catch (NoRoomException e) {
            return noRoom();
        } catch (IOException e) {
            return diskFailed(e);
        } catch (RuntimeException e) {
            return defect(e);
        }
    }

    /** Unpacks and reads a whole body, and is done with it when this returns; the answer comes later. */
    CompletableFuture<Reply> process(HttpQuestion asked, ArrivingBody full) {
        ArrivingBody plain = full;
        try {
            asked.sender().sentBytes(full.length());
            if (asked.gzip() && full.length() > 0) {
                plain = Gunzip.unpack(full, asked.sender(), door.bytes(), door.files());
            }
            door.faults().pass(Moment.BEFORE_DECODED);
            CompletableFuture<Reply> accepted = accept(asked, plain);
            door.faults().pass(Moment.AFTER_DECODED);
            return accepted;
        } catch (TooLongException e) {
            return CompletableFuture.completedFuture(tooLong());
        } catch (NoRoomException e) {
            return CompletableFuture.completedFuture(noRoom());
        } catch (ZipException | EOFException e) {
            return CompletableFuture.completedFuture(
                    Reply.failed(Outcome.MALFORMED, "the body is not gzip, as its Content-Encoding says"));
        } catch (IOException e) {
            return CompletableFuture.completedFuture(diskFailed(e));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(defect(e));
        } finally {
            full.release();
            plain.release();
        }
    }

    private CompletableFuture<Reply> accept(HttpQuestion asked, ArrivingBody body)
            throws IOException, TooLongException, NoRoomException {
        Intake intake = door.intake();
        return body.isLarge()
                ? intake.accept(asked.signal(), asked.json(), asked.transport(), body.inFile(), asked.sender())
                : intake.accept(asked.signal(), asked.json(), asked.transport(), body.inMemory(), asked.sender());
    }

    Reply tooLong() {
        return Reply.failed(
                Outcome.TOO_LARGE,
                "the body is longer than " + door.files().longest() + " bytes, or unpacks a hundredfold");
    }

    Reply noRoom() {
        return Reply.failed(Outcome.UNAVAILABLE, "too many requests are being read");
    }

    private Reply diskFailed(IOException cause) {
        door.quiet().warn("disk", "a long HTTP request cannot be kept on disk", cause);
        return Reply.failed(Outcome.UNAVAILABLE, "the disk did not take the request");
    }

    private Reply defect(RuntimeException cause) {
        door.quiet().warn("internal error", "an HTTP request could not be processed", cause);
        return Reply.failed(Outcome.UNAVAILABLE, "internal error");
    }
}
