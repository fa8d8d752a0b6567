package org.felucca.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.felucca.api.plugin.PluginFile;
import org.felucca.api.plugin.PluginFolder;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the framework in step with the plugins folder. The watch's thread does all the work and is the only one that changes the
 * table; others read it.
 */
@Component(
        service = PluginFolder.class,
        immediate = true,
        configurationPid = "org.felucca.plugins",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PluginSettings.class)
public final class PluginFolderOwner implements PluginFolder {
    private static final Logger LOG = LoggerFactory.getLogger(PluginFolderOwner.class);
    private static final Duration QUIET = Duration.ofMillis(200);

    private final Path folder;
    private final Path copies;
    private final Trust trust;
    private final Installer installer;
    private final FolderWatch watch;
    private final Map<String, Entry> table = new ConcurrentSkipListMap<>();
    private boolean first = true;

    /**
     * What is known of one file.
     *
     * @param stamp changes with the file
     * @param running what runs under its name, if anything does
     * @param refusal why the file as it is now was refused, or empty
     * @param refusedDigest the digest of what was refused, or empty
     */
    private record Entry(String stamp, @Nullable Running running, String refusal, String refusedDigest) {}

    private record Running(Bundle bundle, PluginJar jar) {}

    /** Starts to watch the folder. */
    @Activate
    public PluginFolderOwner(
            BundleContext context, @Reference ServiceComponentRuntime components, PluginSettings settings) {
        this(
                Path.of(settings.directory()),
                Objects.requireNonNull(context.getDataFile("copies")).toPath(),
                Trust.of(settings.trust(), settings.pins()),
                new Installer(
                        context,
                        new ComponentCheck(context, components, Duration.ofSeconds(settings.selfCheckSeconds()))));
    }

    PluginFolderOwner(Path folder, Path copies, Trust trust, Installer installer) {
        this.folder = folder;
        this.copies = copies;
        this.trust = trust;
        this.installer = installer;
        try {
            Files.createDirectories(folder);
            Files.createDirectories(copies);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use plugins folder " + folder + ": " + e.getMessage(), e);
        }
        this.watch = FolderWatch.start(folder, QUIET, this::update);
    }

    /** Stops watching; the plugins keep running. */
    @Deactivate
    public void close() {
        watch.close();
    }

    @Override
    public List<PluginFile> files() {
        List<PluginFile> files = new ArrayList<>();
        table.forEach((file, entry) -> files.add(describe(file, entry)));
        return files;
    }

    private static PluginFile describe(String file, Entry entry) {
        Running running = entry.running();
        boolean refused = !entry.refusal().isEmpty();
        PluginFile.State state = refused ? PluginFile.State.REFUSED : PluginFile.State.INSTALLED;
        if (running == null) {
            return new PluginFile(file, state, entry.refusedDigest(), "", "", List.of(), entry.refusal());
        }
        PluginJar jar = running.jar();
        return new PluginFile(
                file,
                state,
                refused ? entry.refusedDigest() : jar.sha256(),
                jar.symbolicName(),
                jar.version(),
                Providing.by(running.bundle()),
                entry.refusal());
    }

    /** Brings framework and table up to date with the folder. */
    private void update() {
        try {
            if (first) {
                removeLeftovers();
                first = false;
            }
            trust.requireOwned(folder);
            Map<String, String> stamps = stamps();
            removeDeparted(stamps);
            takeChanged(stamps);
        } catch (RefusedException e) {
            LOG.error("cannot use the plugins folder: {}", e.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What an earlier life of the daemon, or of this component, has installed was verified then and not now. */
    private void removeLeftovers() throws RefusedException, InterruptedException {
        for (Bundle bundle : installer.installed()) {
            installer.remove(bundle);
        }
    }

    private Map<String, String> stamps() throws RefusedException {
        Map<String, String> stamps = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                Object stamp =
                        Files.readAttributes(jar, "unix:ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
                stamps.put(jar.getFileName().toString(), new TreeMap<>((Map<?, ?>) stamp).toString());
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new RefusedException("cannot list " + folder + ": " + e.getMessage(), e);
        }
        return stamps;
    }

    private void removeDeparted(Map<String, String> stamps) throws InterruptedException {
        for (Map.Entry<String, Entry> known : Map.copyOf(table).entrySet()) {
            if (!stamps.containsKey(known.getKey())) {
                Running running = known.getValue().running();
                if (running != null) {
                    remove(known.getKey(), running);
                }
                table.remove(known.getKey());
            }
        }
    }

    private void remove(String file, Running running) throws InterruptedException {
        try {
            installer.remove(running.bundle());
            Files.deleteIfExists(running.jar().copy());
            LOG.info("plugin {} removed: {}", file, running.jar().symbolicName());
        } catch (RefusedException e) {
            LOG.error("cannot remove plugin {}: {}", file, e.reason());
        } catch (IOException e) {
            LOG.warn("cannot delete the copy of plugin {}: {}", file, e.getMessage());
        }
    }

    /** Plugins may need each other: what was refused is tried again as long as others are taken. */
    private void takeChanged(Map<String, String> stamps) throws InterruptedException {
        Map<String, String> open = new TreeMap<>();
        stamps.forEach((file, stamp) -> {
            Entry known = table.get(file);
            if (known == null || !known.stamp().equals(stamp)) {
                open.put(file, stamp);
            }
        });
        boolean progress = true;
        while (progress && !open.isEmpty()) {
            progress = false;
            for (Map.Entry<String, String> candidate : Map.copyOf(open).entrySet()) {
                if (take(candidate.getKey(), candidate.getValue())) {
                    open.remove(candidate.getKey());
                    progress = true;
                }
            }
        }
        for (String file : open.keySet()) {
            Entry entry = table.get(file);
            if (entry != null) {
                LOG.warn("plugin {} refused: {}", file, entry.refusal());
            }
        }
    }

    private boolean take(String file, String stamp) throws InterruptedException {
        Entry known = table.get(file);
        Running running = known == null ? null : known.running();
        PluginJar jar = null;
        try {
            trust.requireOwned(folder.resolve(file));
            jar = PluginJar.copy(folder.resolve(file), copies);
            trust.requireTrusted(jar.sha256());
            if (running == null) {
                running = new Running(installer.install(file, jar), jar);
            } else if (!running.jar().sha256().equals(jar.sha256())) {
                installer.update(running.bundle(), jar, running.jar());
                Files.deleteIfExists(running.jar().copy());
                running = new Running(running.bundle(), jar);
            }
            table.put(file, new Entry(stamp, running, "", ""));
            LOG.info(
                    "plugin {} installed: {} {} {}",
                    file,
                    jar.symbolicName(),
                    jar.version(),
                    Providing.by(running.bundle()));
            return true;
        } catch (RefusedException e) {
            dropCopy(jar, running);
            table.put(file, new Entry(stamp, running, e.reason(), jar == null ? "" : jar.sha256()));
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void dropCopy(@Nullable PluginJar refused, @Nullable Running running) {
        if (refused != null && (running == null || !running.jar().copy().equals(refused.copy()))) {
            refused.copy().toFile().delete();
        }
    }
}
