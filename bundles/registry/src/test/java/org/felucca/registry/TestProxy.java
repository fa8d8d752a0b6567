package org.felucca.registry;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that knows where names lie, wants credentials if it is told so, and does to a connection what a test
 * says: answers itself, cuts it or lets it hang after some bytes of the answer.
 */
final class TestProxy implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Integer> ports;
    private final Plan plan;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Map<Thread, Boolean> threads = new ConcurrentHashMap<>();
    private volatile String credentials = "";

    /** What is done to the connection of that number, from 0. */
    @FunctionalInterface
    interface Plan {
        Fault fault(int number);
    }

    /**
     * What is done to a connection.
     *
     * @param answer what the proxy itself answers; empty for nothing
     * @param after bytes from the server that still pass; -1 for all
     * @param hang whether the connection is then left open
     */
    record Fault(String answer, long after, boolean hang) {
        static final Fault NONE = new Fault("", -1, false);

        static Fault answer(String statusAndHeaders) {
            return new Fault(
                    "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 0, false);
        }

        static Fault cut(long after) {
            return new Fault("", after, false);
        }

        static Fault hang(long after) {
            return new Fault("", after, true);
        }
    }

    /** @param ports the loopback port of each {@code name:port} */
    TestProxy(Map<String, Integer> ports, Plan plan) throws IOException {
        this.ports = Map.copyOf(ports);
        this.plan = plan;
        start(this::serve);
    }

    /** Lets only those in who have these, {@code user:password}. */
    void require(String pair) {
        credentials = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The first lines of all requests that reached the proxy itself. */
    List<String> requests() {
        return heads;
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, "test-proxy");
        threads.put(thread, true);
        thread.start();
    }

    private void serve() {
        for (int number = 0; !socket.isClosed(); number++) {
            try {
                Socket client = socket.accept();
                sockets.add(client);
                Fault fault = plan.fault(number);
                start(() -> connection(client, fault));
            } catch (IOException e) {
                // Closed by the test.
                return;
            }
        }
    }

    private void connection(Socket client, Fault fault) {
        try {
            if (!proxied(client, fault)) {
                client.close();
            }
        } catch (IOException e) {
            // One side went away: what tests do.
            close(client);
        }
    }

    /** Serves one request or tunnel; true if the connection is to be left open. */
    private boolean proxied(Socket client, Fault fault) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        String head = head(in);
        if (head.isEmpty()) {
            return false;
        }
        String[] line = head.substring(0, head.indexOf('\r')).split(" ");
        heads.add(line[0] + " " + line[1]);
        OutputStream out = client.getOutputStream();
        if (!credentials.isEmpty() && !head.contains("Proxy-Authorization: Basic " + credentials + "\r\n")) {
            out.write(text("HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=p\r\nContent-Length: 0\r\n\r\n"));
            return false;
        }
        if (!fault.answer().isEmpty()) {
            out.write(text(fault.answer()));
            return false;
        }
        boolean tunnel = line[0].equals("CONNECT");
        URI uri = tunnel ? null : URI.create(line[1]);
        String target = uri == null ? line[1] : uri.getHost() + ":" + (uri.getPort() < 0 ? 80 : uri.getPort());
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), ports.get(target))) {
            sockets.add(server);
            if (uri == null) {
                out.write(text("HTTP/1.1 200 Connected\r\n\r\n"));
            } else {
                String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
                String rest = head.substring(head.indexOf('\r') + 2);
                server.getOutputStream()
                        .write(text(line[0] + " " + path + " HTTP/1.1\r\nConnection: close\r\n" + rest));
            }
            start(() -> pump(in, server));
            return pass(server.getInputStream(), out, fault);
        }
    }

    private static void pump(InputStream in, Socket server) {
        try {
            in.transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException e) {
            // The other direction ended the connection.
            close(server);
        }
    }

    private static boolean pass(InputStream in, OutputStream out, Fault fault) throws IOException {
        long left = fault.after() < 0 ? Long.MAX_VALUE : fault.after();
        byte[] buffer = new byte[8192];
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                return false;
            }
            out.write(buffer, 0, count);
            left -= count;
        }
        return fault.hang();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        byte[] end = text("\r\n\r\n");
        while (true) {
            int one = in.read();
            if (one < 0) {
                return "";
            }
            head.write(one);
            byte[] bytes = head.toByteArray();
            if (bytes.length >= 4 && Arrays.equals(bytes, bytes.length - 4, bytes.length, end, 0, 4)) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.close();
        sockets.forEach(TestProxy::close);
        for (Thread thread : threads.keySet()) {
            thread.join(Duration.ofSeconds(30).toMillis());
        }
    }
}
