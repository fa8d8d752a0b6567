package org.felucca.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.launch.Framework;

/** The connector alone, and below a real framework: this test's own class is what the bundles hold. */
class ClassPathConnectorTest {
    private static final String CLASS = ClassPathConnectorTest.class.getName();

    @TempDir
    Path directory;

    @Test
    void connect_ofPlatformBundle_showsItsEntries() throws Exception {
        Path jar = bundle("a");
        ConnectContent content = connector(new BundleList.Entry(jar, true, true))
                .connect(ClassPathConnector.location(jar))
                .orElseThrow()
                .getContent();
        content.open();
        List<String> names = new ArrayList<>();
        content.getEntries().forEach(names::add);
        assertEquals(List.of("META-INF/MANIFEST.MF", "word.txt", CLASS.replace('.', '/') + ".class"), names);
        ConnectContent.ConnectEntry entry = content.getEntry("word.txt").orElseThrow();
        assertArrayEquals("a".getBytes(StandardCharsets.UTF_8), entry.getBytes());
        assertEquals(1, entry.getContentLength());
        assertTrue(content.getEntry("none").isEmpty());
        assertSame(
                ClassPathConnector.class.getClassLoader(),
                content.getClassLoader().orElseThrow());
        content.close();
        assertTrue(content.getEntry("word.txt").isPresent(), "not opened again");
        content.close();
    }

    @Test
    void connect_ofOtherLocation_leavesItToTheFramework() throws Exception {
        Path jar = bundle("a");
        ClassPathConnector connector = connector(new BundleList.Entry(jar, false, true));
        assertTrue(connector.connect(ClassPathConnector.location(jar)).isEmpty());
        assertTrue(connector.connect("reference:" + jar.toUri()).isEmpty());
    }

    @Test
    void framework_withBothKinds_loadsEachWhereItBelongs() throws Exception {
        Path connected = bundle("connected");
        Path loaded = bundle("loaded");
        Map<String, String> properties =
                Map.of(Constants.FRAMEWORK_STORAGE, directory.resolve("storage").toString(), "felix.log.level", "0");
        BundleList.Entry platform = new BundleList.Entry(connected, true, true);
        BundleList.Entry other = new BundleList.Entry(loaded, false, true);
        // Twice: the second start takes both from the framework's storage.
        for (int start = 0; start < 2; start++) {
            Framework framework = new FrameworkFactory().newFramework(properties, connector(platform, other));
            framework.init();
            for (BundleList.Entry entry : start == 0 ? List.of(platform, other) : List.<BundleList.Entry>of()) {
                framework.getBundleContext().installBundle(entry.location()).start();
            }
            framework.start();
            Bundle first = framework.getBundleContext().getBundle(platform.location());
            Bundle second = framework.getBundleContext().getBundle(other.location());
            assertEquals(Bundle.ACTIVE, first.getState());
            assertEquals("connected", first.getSymbolicName());
            assertNotNull(first.getEntry("word.txt"));
            assertSame(ClassPathConnectorTest.class, first.loadClass(CLASS));
            assertNotSame(ClassPathConnectorTest.class, second.loadClass(CLASS));
            assertThrows(ClassNotFoundException.class, () -> second.loadClass(Platform.class.getName()));
            framework.stop();
            framework.waitForStop(10_000);
        }
    }

    private static ClassPathConnector connector(BundleList.Entry... entries) {
        return new ClassPathConnector(List.of(entries));
    }

    private Path bundle(String name) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        Path jar = directory.resolve(name + ".jar");
        String entry = CLASS.replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new ZipEntry("word.txt"));
            out.write(name.getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry(entry));
            try (InputStream code = ClassPathConnectorTest.class.getResourceAsStream("/" + entry)) {
                code.transferTo(out);
            }
        }
        return jar;
    }
}
