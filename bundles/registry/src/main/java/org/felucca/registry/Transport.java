package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.registry.hosts.RegistryHost;
import org.felucca.registry.proxy.Proxies;
import org.felucca.registry.tls.TlsContexts;
import org.felucca.registry.tls.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and follows nothing. A client is made at the first request of its kind, since it costs time and
 * memory that a node which pulls nothing should not pay; hosts with certificates of their own have one of their own,
 * made anew when a file changes. HTTP/1.1: several connections carry layers in parallel better than one with a shared
 * window. Thread-safe.
 */
final class Transport implements AutoCloseable {
    /** Kinds of clients kept; more hosts with certificates than that make some of them anew. */
    private static final int CLIENTS = 32;

    /** The client's own 16 KiB make it spend twice the time on a fast network; read once. */
    private static final String BUFFER_PROPERTY = "jdk.httpclient.bufsize";

    private static final int BUFFER = 256 << 10;

    /** The JDK gives a proxy no password before a tunnel unless this is empty; read once. */
    private static final String TUNNEL_PROPERTY = "jdk.http.auth.tunneling.disabledSchemes";

    private final RegistrySettings settings;
    private final Traffic traffic;
    private final ThreadPoolExecutor executor;

    /** Guarded by this. */
    private final Map<Kind, HttpClient> clients = new LinkedHashMap<>(4, 0.75f, true);

    /** What makes a client different from another. */
    private record Kind(TlsFiles files, List<String> stamps, Duration connectTimeout) {}

    Transport(RegistrySettings settings, Clock clock) {
        // Before the first request is even built, since that is when the JDK reads them.
        if (System.getProperty(BUFFER_PROPERTY) == null) {
            System.setProperty(BUFFER_PROPERTY, Integer.toString(BUFFER));
        }
        if (System.getProperty(TUNNEL_PROPERTY) == null) {
            System.setProperty(TUNNEL_PROPERTY, "");
        }
        this.settings = settings;
        this.traffic = new Traffic(settings.connections(), clock);
        AtomicInteger number = new AtomicInteger();
        // As many as there are bodies to send and receive, no less: one that is sent may itself be received here (a
        // copy
        // between registries), and its reader would wait on a thread for another that nobody gives.
        this.executor =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "felucca-registry-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Sends a request and waits for the head of the answer; before that for its turn, unless it sends something: what it
     * sends may come from the same host.
     *
     * @param host whose certificates count; null for none
     * @return the answer; its body must be closed
     * @throws FeluccaException FAILED_PRECONDITION if its certificates cannot be read
     */
    HttpResponse<InputStream> send(HttpRequest request, @Nullable RegistryHost host, String subject)
            throws IOException, InterruptedException {
        HttpClient client = client(host, subject);
        boolean sends = request.bodyPublisher()
                .filter(body -> body.contentLength() != 0)
                .isPresent();
        Runnable leave = sends ? () -> {} : traffic.enter(request.uri());
        AtomicReference<@Nullable Arrived> arrived = new AtomicReference<>();
        boolean handed = false;
        try {
            Arrived answer = exchange(client, request, arrived);
            answer.body().whenClosed(leave);
            handed = true;
            return answer;
        } finally {
            if (!handed) {
                leave.run();
            }
        }
    }

    /** Once the head is there, what breaks belongs to the body; the JDK's client throws either, as it happens. */
    private Arrived exchange(HttpClient client, HttpRequest request, AtomicReference<@Nullable Arrived> arrived)
            throws IOException, InterruptedException {
        try {
            HttpResponse<InputStream> response = client.send(request, head -> {
                Body body = new Body(settings.stallTimeout());
                arrived.set(new Arrived(request, head.statusCode(), head.headers(), body));
                return body;
            });
            // What a proxy says instead of opening a tunnel comes without any body.
            arrived.compareAndSet(null, Arrived.withoutBody(response));
        } catch (IOException e) {
            Arrived answer = arrived.get();
            if (answer == null) {
                throw e;
            }
            answer.body().onError(e);
        } catch (InterruptedException e) {
            Arrived answer = arrived.get();
            if (answer != null) {
                answer.body().close();
            }
            throw e;
        }
        return Objects.requireNonNull(arrived.get());
    }

    /** The longest wait for the head of an answer. */
    Duration headTimeout() {
        return settings.stallTimeout();
    }

    /** Through whom requests go. */
    Proxies proxies() {
        return settings.proxies();
    }

    /** How much goes where. */
    Traffic traffic() {
        return traffic;
    }

    private HttpClient client(@Nullable RegistryHost host, String subject) {
        TlsFiles files = host == null ? TlsFiles.NONE : host.tls();
        Duration dial = host == null || host.dialTimeout() == null ? settings.connectTimeout() : host.dialTimeout();
        Kind kind = new Kind(files, stamps(subject, files), dial);
        synchronized (this) {
            HttpClient existing = clients.get(kind);
            if (existing == null) {
                existing = make(kind, subject);
                clients.put(kind, existing);
                if (clients.size() > CLIENTS) {
                    clients.remove(clients.keySet().iterator().next());
                }
            }
            return existing;
        }
    }

    /** What changes when a file does. */
    private static List<String> stamps(String subject, TlsFiles files) {
        List<String> stamps = new ArrayList<>();
        Stream<Path> clients = files.clients().stream().flatMap(pair -> Stream.of(pair.certificate(), pair.key()));
        for (Path file : Stream.concat(files.authorities().stream(), clients).toList()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
            } catch (IOException e) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        subject,
                        "certificate or key " + file
                                + (e instanceof NoSuchFileException ? " is not there" : " cannot be read: " + e),
                        "see the hosts.toml beside it",
                        e);
            }
        }
        return stamps;
    }

    private HttpClient make(Kind kind, String subject) {
        // The client's selector thread inherits the context class loader and would pin the caller's bundle.
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(kind.connectTimeout())
                    .executor(executor);
            if (!kind.files().isNone()) {
                builder.sslContext(TlsContexts.of(subject, kind.files()));
            }
            if (!settings.proxies().isEmpty()) {
                builder.proxy(settings.proxies().selector());
            }
            return builder.build();
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    /** Ends what is under way and joins the threads. */
    @Override
    public synchronized void close() {
        clients.clear();
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
