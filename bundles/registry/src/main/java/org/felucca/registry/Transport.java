package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and follows nothing. The client below is made at the first request, since it costs time and memory
 * that a node which pulls nothing should not pay. HTTP/1.1: several connections carry layers in parallel better than
 * one with a shared window. Thread-safe.
 */
final class Transport implements AutoCloseable {
    private static final int THREADS = 4;

    /** The client's own 16 KiB make it spend twice the time on a fast network; it reads this once, at its first use. */
    private static final String BUFFER_PROPERTY = "jdk.httpclient.bufsize";

    private static final int BUFFER = 256 << 10;

    private final RegistrySettings settings;
    private final ThreadPoolExecutor executor;
    private @Nullable HttpClient client;

    Transport(RegistrySettings settings) {
        this.settings = settings;
        AtomicInteger number = new AtomicInteger();
        this.executor =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "felucca-registry-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Sends a request and waits for the head of the answer.
     *
     * @return the answer; its body must be closed
     */
    HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        return client().send(request, head -> new Body(settings.stallTimeout()));
    }

    /** The longest wait for the head of an answer. */
    Duration headTimeout() {
        return settings.stallTimeout();
    }

    private synchronized HttpClient client() {
        HttpClient existing = client;
        if (existing != null) {
            return existing;
        }
        if (System.getProperty(BUFFER_PROPERTY) == null) {
            System.setProperty(BUFFER_PROPERTY, Integer.toString(BUFFER));
        }
        // The client's selector thread inherits the context class loader and would pin the caller's bundle.
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            HttpClient made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(settings.connectTimeout())
                    .executor(executor)
                    .build();
            client = made;
            return made;
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** Ends what is under way and joins the threads. */
    @Override
    public synchronized void close() {
        client = null;
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
