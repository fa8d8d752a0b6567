package org.felucca.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Lets bundles of the platform layer take their classes from the class path (OSGi Core 8, chapter 60, Connect). To the framework they
 * are bundles as all others, with manifest, entries, wiring and life cycle. Their classes are the application class loader's: the JVM
 * can keep these linked in its class archive, and they cannot be replaced before the JVM ends. Thread-safe.
 */
final class ClassPathConnector implements ModuleConnector {
    /** What their locations begin with; the framework keeps {@code reference:} and {@code file:} to itself. */
    private static final String SCHEME = "classpath:";

    private final Set<String> locations;

    /** Connects the bundles of the platform layer, whose jars must be on the class path. */
    ClassPathConnector(List<BundleList.Entry> entries) {
        locations = entries.stream()
                .filter(BundleList.Entry::platform)
                .map(BundleList.Entry::location)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the location of a bundle whose classes come from the class path. */
    static String location(Path jar) {
        return SCHEME + jar;
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // nothing is kept between starts
    }

    /** Returns the content of a jar of the distribution; nothing for any other location, which is then the framework's to load. */
    @Override
    public Optional<ConnectModule> connect(String location) {
        if (!locations.contains(location)) {
            return Optional.empty();
        }
        Content content = new Content(new File(location.substring(SCHEME.length())));
        return Optional.of(() -> content);
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }

    /** The entries of one jar. The class loader has it open, too; the JVM keeps one directory of it for both. */
    private static final class Content implements ConnectContent {
        private final File file;
        private @Nullable ZipFile jar;

        Content(File file) {
            this.file = file;
        }

        @Override
        public Optional<Map<String, String>> getHeaders() {
            return Optional.empty();
        }

        @Override
        public Iterable<String> getEntries() throws IOException {
            return jar().stream().map(ZipEntry::getName).toList();
        }

        @Override
        public Optional<ConnectEntry> getEntry(String path) {
            try {
                ZipFile opened = jar();
                ZipEntry entry = opened.getEntry(path);
                return entry == null ? Optional.empty() : Optional.of(new Entry(opened, entry));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }

        @Override
        public Optional<ClassLoader> getClassLoader() {
            return Optional.of(ClassPathConnector.class.getClassLoader());
        }

        @Override
        public void open() throws IOException {
            jar();
        }

        @Override
        public synchronized void close() throws IOException {
            if (jar != null) {
                jar.close();
                jar = null;
            }
        }

        private synchronized ZipFile jar() throws IOException {
            if (jar == null) {
                jar = new ZipFile(file);
            }
            return jar;
        }
    }

    private record Entry(ZipFile jar, ZipEntry entry) implements ConnectContent.ConnectEntry {
        @Override
        public String getName() {
            return entry.getName();
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return jar.getInputStream(entry);
        }
    }
}
