package org.felucca.registry.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.felucca.registry.TestProcess;

/** Keys for servers of tests. */
public record TestKeys(PrivateKey key, Path certificateFile) {

    /** A new RSA key with a certificate that it signs itself. */
    public static TestKeys rsa(Path directory, String name) throws Exception {
        TestProcess.run(
                directory,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-days",
                "9",
                "-keyout",
                name + ".key",
                "-out",
                name + ".crt");
        return new TestKeys(
                PrivateKeys.of(Pem.read(directory.resolve(name + ".key"))), directory.resolve(name + ".crt"));
    }

    /** The certificate in DER. */
    public byte[] certificate() throws Exception {
        return Pem.read(certificateFile).get(0).bytes();
    }

    /** What a server presents. */
    public static SSLContext context(Path certificate, Path key) {
        return TlsContexts.of(
                "cannot serve", new TlsFiles(List.of(), List.of(new TlsFiles.Pair(certificate, key)), false));
    }
}
