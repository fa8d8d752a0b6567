package org.felucca.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An authority of a test, and what it signs, as PEM files made by openssl. */
public final class TestCertificates {
    private final Path directory;

    /** Makes the authority {@code ca.crt} in a directory. */
    public TestCertificates(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        key("ca.key");
        run("req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=test authority", "-days", "30", "-out", "ca.crt");
    }

    /** The authority's certificate. */
    public Path authority() {
        return directory.resolve("ca.crt");
    }

    /** Makes {@code NAME.crt} and {@code NAME.key}; alternative names as openssl writes them: {@code IP:127.0.0.1}. */
    public Path sign(String name, String usage, String alternatives) throws IOException, InterruptedException {
        key(name + ".key");
        Files.writeString(
                directory.resolve(name + ".ext"),
                "extendedKeyUsage=" + usage + (alternatives.isEmpty() ? "" : "\nsubjectAltName=" + alternatives)
                        + "\n");
        run("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr");
        run(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "30",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".crt");
        return directory.resolve(name + ".crt");
    }

    private void key(String file) throws IOException, InterruptedException {
        run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file);
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        TestProcess.run(directory, command);
    }
}
