package org.felucca.registry;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP/1.1 server that does exactly what its script says, byte by byte: it can promise more than it sends, hang and
 * drop connections. One answer per connection.
 */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Script script;
    private final boolean hasty;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> held = new ArrayList<>();
    private final Thread thread = new Thread(this::serve, "scripted-server");

    /** What was asked. */
    record Request(String method, String path, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** What is answered: the number of the request, from 0, and the request in; raw bytes out. */
    @FunctionalInterface
    interface Script {
        Answer answer(int number, Request request) throws IOException;
    }

    /** Raw bytes, and whether the connection is then left hanging instead of closed. */
    record Answer(byte[] bytes, boolean hang) {}

    ScriptedServer(Script script) throws IOException {
        this(script, false);
    }

    /** @param hasty whether it answers, and closes, before it has read what is sent */
    ScriptedServer(Script script, boolean hasty) throws IOException {
        this.script = script;
        this.hasty = hasty;
        thread.start();
    }

    String domain() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    List<Request> requests() {
        return requests;
    }

    /** An answer with a correct length. */
    static Answer answer(int status, String headers, byte[] body) {
        return cut(status, headers, body, body.length);
    }

    /** An answer that promises the whole body and closes after some of it. */
    static Answer cut(int status, String headers, byte[] body, int sent) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head = "HTTP/1.1 " + status + " X\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n";
        out.writeBytes((head + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, 0, sent);
        return new Answer(out.toByteArray(), false);
    }

    /** Like {@link #cut}, but the connection stays open. */
    static Answer hang(int status, byte[] body, int sent) {
        return new Answer(cut(status, "", body, sent).bytes(), true);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                if (!exchange(connection)) {
                    connection.close();
                }
            } catch (IOException e) {
                // The client gave up, or the server was closed: both are what tests do.
                continue;
            }
        }
    }

    private boolean exchange(Socket connection) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
        String[] line = String.valueOf(in.readLine()).split(" ");
        if (line.length < 2) {
            return false;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        char[] body = new char[hasty ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        for (int at = 0; at < body.length; ) {
            at += in.read(body, at, body.length - at);
        }
        Request request = new Request(line[0], line[1], headers, new String(body));
        requests.add(request);
        Answer answer = script.answer(requests.size() - 1, request);
        OutputStream out = connection.getOutputStream();
        out.write(answer.bytes());
        out.flush();
        if (answer.hang()) {
            held.add(connection);
        }
        return answer.hang();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.close();
        thread.join();
        for (Socket connection : held) {
            connection.close();
        }
    }
}
