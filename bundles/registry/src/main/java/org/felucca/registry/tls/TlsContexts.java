package org.felucca.registry.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/** Makes the context of TLS connections out of files. */
public final class TlsContexts {
    private static final char[] NO_PASSWORD = {};

    private TlsContexts() {}

    /**
     * Reads the files.
     *
     * @param subject what cannot be done without them
     * @throws FeluccaException FAILED_PRECONDITION if one cannot be read, naming it
     */
    public static SSLContext of(String subject, TlsFiles files) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trust = files.skipVerify() ? new TrustManager[] {new Anybody()} : trust(subject, files);
            context.init(keys(subject, files), trust, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, subject, "TLS cannot be set up: " + e, null, e);
        }
    }

    private static TrustManager @Nullable [] trust(String subject, TlsFiles files)
            throws GeneralSecurityException, IOException {
        if (files.authorities().isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        int number = 0;
        for (X509Certificate known : systemAuthorities()) {
            store.setCertificateEntry("system-" + number++, known);
        }
        for (Path file : files.authorities()) {
            for (Certificate own : reading(subject, file, () -> certificates(file))) {
                store.setCertificateEntry("own-" + number++, own);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<X509Certificate> systemAuthorities() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        List<X509Certificate> known = new ArrayList<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                known.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return known;
    }

    private static KeyManager @Nullable [] keys(String subject, TlsFiles files)
            throws GeneralSecurityException, IOException {
        if (files.clients().isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        for (TlsFiles.Pair pair : files.clients()) {
            List<Certificate> chain = reading(subject, pair.certificate(), () -> certificates(pair.certificate()));
            var key = reading(subject, pair.key(), () -> PrivateKeys.of(Pem.read(pair.key())));
            store.setKeyEntry("client-" + store.size(), key, NO_PASSWORD, chain.toArray(new Certificate[0]));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        List<Certificate> certificates = new ArrayList<>();
        for (Pem block : Pem.read(file)) {
            if (block.label().equals("CERTIFICATE")) {
                try (InputStream der = new ByteArrayInputStream(block.bytes())) {
                    certificates.add(CertificateFactory.getInstance("X.509").generateCertificate(der));
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException("it has no certificate");
        }
        return certificates;
    }

    /** Work on one file. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException, GeneralSecurityException;
    }

    private static <T> T reading(String subject, Path file, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException | GeneralSecurityException e) {
            String reason = e instanceof FileSystemException ? "it cannot be read (" + e + ")" : e.getMessage();
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "certificate or key " + file + ": " + reason,
                    "write it as PEM, readable for the daemon",
                    e);
        }
    }

    /** Trusts whatever is presented, by whatever name: {@code skip_verify}. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // Asked for by the configuration.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // Asked for by the configuration.
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // Asked for by the configuration.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // Asked for by the configuration.
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // Asked for by the configuration.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Asked for by the configuration.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
