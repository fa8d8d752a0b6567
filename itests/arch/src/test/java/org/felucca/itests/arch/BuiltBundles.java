package org.felucca.itests.arch;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The bundles of the assembled distribution, as they will run. */
final class BuiltBundles {
    private BuiltBundles() {}

    /**
     * A bundle.
     *
     * @param file its jar
     * @param manifest its manifest
     */
    record BuiltBundle(Path file, Manifest manifest) {
        String symbolicName() {
            return header("Bundle-SymbolicName")
                    .orElse("")
                    .replaceAll(";.*", "")
                    .strip();
        }

        /** Returns the name within the project, such as {@code core}; empty for a library of others. */
        Optional<String> ownName() {
            String name = symbolicName();
            return name.startsWith("org.felucca.")
                    ? Optional.of(name.substring("org.felucca.".length()))
                    : Optional.empty();
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(manifest.getMainAttributes().getValue(name));
        }

        Parameters parameters(String name) {
            return OSGiHeader.parseHeader(header(name).orElse(""));
        }

        List<String> imports() {
            return List.copyOf(parameters("Import-Package").keySet());
        }

        /** Returns the packages this bundle imports from elsewhere: bnd imports what is exported as well. */
        List<String> foreignImports() {
            Parameters exported = parameters("Export-Package");
            return imports().stream().filter(p -> !exported.containsKey(p)).toList();
        }

        boolean exportsInternally(String exportedPackage) {
            Attrs attrs = parameters("Export-Package").get(exportedPackage);
            return attrs != null && "internal".equals(attrs.get("mandatory:"));
        }
    }

    static Path directory() {
        String value = System.getProperty("felucca.bundles");
        if (value == null) {
            throw new IllegalStateException("system property felucca.bundles is not set");
        }
        return Path.of(value);
    }

    static List<BuiltBundle> all() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(f -> f.toString().endsWith(".jar"))
                    .sorted()
                    .map(BuiltBundles::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory() + "; run ./dev build", e);
        }
    }

    static List<BuiltBundle> own() {
        return all().stream().filter(b -> b.ownName().isPresent()).toList();
    }

    /** Returns the file names of the bundles that take their classes from the class path, as the bundle list marks them. */
    static List<String> onClassPath() {
        try {
            return Files.readAllLines(directory().resolve("bundles.list")).stream()
                    .filter(line -> List.of(line.split(" ")).contains("platform"))
                    .map(line -> line.split(" ")[0])
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the bundle list; run ./dev build", e);
        }
    }

    private static BuiltBundle read(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            return new BuiltBundle(file, jar.getManifest());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
