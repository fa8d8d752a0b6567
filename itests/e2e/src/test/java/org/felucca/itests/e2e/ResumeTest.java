package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a pull had received when the daemon was killed is not fetched again by the next daemon. */
class ResumeTest {
    /** So much of a layer passes before the first daemon is killed. */
    private static final long FIRST = 8 << 20;

    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @Test
    void pull_afterAKill_goesOnWhereItWas() throws Exception {
        try (Slow slow = new Slow(FIXTURE.registry().address())) {
            String image = slow.address() + "/e2e/debian-gzip:1";
            CompletableFuture<Finished> first = CompletableFuture.supplyAsync(() -> daemon.felucca("pull", image));
            Commands.await("what may pass is written", Duration.ofSeconds(60), () -> ingested() >= FIRST / 2);
            Daemon.kill(daemon.jvm());
            Daemon.kill(daemon.supervise());
            daemon.awaitEnd();
            first.orTimeout(60, TimeUnit.SECONDS).join();
            slow.open();
            daemon.launch();
            long kept = ingested();
            assertTrue(kept >= FIRST / 2, kept + " bytes are kept");
            daemon.felucca("pull", image).ok();
            assertTrue(
                    slow.second() <= slow.whole() - kept,
                    slow.second() + " bytes of " + slow.whole() + " came again, though " + kept + " were there");
            assertEquals(
                    "ok",
                    daemon.felucca("run", "--rm", image, "echo", "ok").ok().word());
            assertEquals(1, daemon.felucca("fsck").ok().lines().size());
        }
    }

    /** Bytes in ingests. Nothing past what may pass is written, so they have no gap. */
    private long ingested() {
        Finished sum = Commands.run(
                "sh", "-c", "find " + daemon.root().resolve("content/ingest") + " -name data -printf '%s\\n'");
        return sum.lines().stream().mapToLong(Long::parseLong).sum();
    }

    /** Stands before the registry; holds back the layers after so many bytes, until it is told not to. */
    private static final class Slow implements AutoCloseable {
        private static final int LARGE = 1 << 20;

        private final String registry;
        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicLong second = new AtomicLong();
        private final AtomicLong whole = new AtomicLong();
        private final CountDownLatch opened = new CountDownLatch(1);

        Slow(String registry) throws IOException {
            this.registry = registry;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::pass);
            server.start();
        }

        String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        void open() {
            opened.countDown();
        }

        /** Bytes of large blobs that passed after the opening. */
        long second() {
            return second.get();
        }

        /** Size of the large blobs. */
        long whole() {
            return whole.get();
        }

        private void pass(HttpExchange exchange) {
            try (exchange) {
                HttpURLConnection there =
                        (HttpURLConnection) URI.create("http://" + registry + exchange.getRequestURI())
                                .toURL()
                                .openConnection();
                there.setRequestMethod(exchange.getRequestMethod());
                for (String name : List.of("Accept", "Range")) {
                    List<String> values = exchange.getRequestHeaders().get(name);
                    if (values != null) {
                        there.setRequestProperty(name, String.join(", ", values));
                    }
                }
                int status = there.getResponseCode();
                for (String name :
                        List.of("Content-Type", "Content-Range", "Accept-Ranges", "Docker-Content-Digest", "ETag")) {
                    String value = there.getHeaderField(name);
                    if (value != null) {
                        exchange.getResponseHeaders().add(name, value);
                    }
                }
                long length = there.getContentLengthLong();
                boolean body = exchange.getRequestMethod().equals("GET") && length != 0;
                exchange.sendResponseHeaders(status, body ? Math.max(0, length) : -1);
                if (body) {
                    boolean counted = exchange.getRequestURI().getPath().contains("/blobs/") && large(there, length);
                    String range = there.getHeaderField("Content-Range");
                    long start =
                            range == null ? 0 : Long.parseLong(range.substring("bytes ".length(), range.indexOf('-')));
                    copy(status < 400 ? there.getInputStream() : there.getErrorStream(), exchange, counted, start);
                }
            } catch (IOException e) {
                // The daemon was killed; what it asked for is of no use to anybody.
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** A piece of a large blob counts as well. */
        private boolean large(HttpURLConnection there, long length) {
            String range = there.getHeaderField("Content-Range");
            long size = range == null ? length : Long.parseLong(range.substring(range.indexOf('/') + 1));
            if (size < LARGE) {
                return false;
            }
            whole.accumulateAndGet(size, Math::max);
            return true;
        }

        /** What lies before {@link #FIRST} passes at any time, the rest once it is opened. */
        private void copy(InputStream in, HttpExchange exchange, boolean counted, long start)
                throws IOException, InterruptedException {
            byte[] buffer = new byte[1 << 16];
            OutputStream out = exchange.getResponseBody();
            long at = start;
            // What the killed daemon had asked for is nobody's any more.
            boolean later = opened.getCount() == 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (counted && !later && at + count > FIRST) {
                    out.flush();
                    opened.await();
                }
                if (counted && later) {
                    second.addAndGet(count);
                }
                out.write(buffer, 0, count);
                at += count;
            }
        }

        @Override
        public void close() {
            open();
            server.stop(0);
            threads.shutdownNow();
            try {
                if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                    throw new UncheckedIOException(new IOException("the proxy does not end"));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
