package org.felucca.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A docker-registry on a loopback port that it chooses itself and tells in its log. */
final class DockerRegistry implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on [^ \"]*:([0-9]+)");

    private final Process process;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader = new Thread(this::read, "docker-registry-log");

    /**
     * Starts one and waits until it listens.
     *
     * @param directory its own
     * @param http more of its configuration's section http, as YAML between braces
     * @param more more sections, in lines
     */
    DockerRegistry(Path directory, String http, String more) throws IOException, InterruptedException {
        Path config = directory.resolve("config.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog: {level: info, accesslog: {disabled: true}}\n"
                        + "storage: {filesystem: {rootdirectory: " + directory.resolve("storage")
                        + "}, delete: {enabled: true}}\n"
                        + "http: {addr: '127.0.0.1:0'" + (http.isEmpty() ? "" : ", " + http) + "}\n" + more + "\n");
        process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        reader.setDaemon(true);
        reader.start();
        try {
            port.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new IOException("docker-registry does not listen: " + String.join("\n", log), e);
        }
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                log.add(line);
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.parseInt(matcher.group(1)));
                }
            }
            port.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
    }

    String domain() {
        return "127.0.0.1:" + port.join();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        reader.join();
    }
}
