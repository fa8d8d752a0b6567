package org.felucca.itests.arch;

import java.util.Set;

/** The layers of {@code docs/architecture.md}, "Who may import whom", and the bundles in each. */
enum Layer {
    PUBLISHED(Set.of("oci", "api")),
    /** Exports {@code posix.fs} as published, the rest as internal. */
    PLATFORM_INTERNAL(Set.of("posix", "plan", "monitor")),
    LIBRARIES(Set.of("logging")),
    PROVIDERS(
            Set.of("content", "registry", "layers", "snapshotter-overlay", "snapshotter-native", "engine", "oci-cli")),
    CORE(Set.of("core", "metadata", "images", "plugins")),
    FRONTS(Set.of("shell", "verbs"));

    private final Set<String> bundles;

    Layer(Set<String> bundles) {
        this.bundles = bundles;
    }

    static Layer of(String ownName) {
        for (Layer layer : values()) {
            if (layer.bundles.contains(ownName)) {
                return layer;
            }
        }
        throw new AssertionError("bundle org.felucca." + ownName + " is in no layer; put it into one in Layer.java");
    }

    /** Returns {@code true} if a bundle changes by a restart of the daemon alone; the others are swapped live. */
    static boolean isPlatform(String ownName) {
        return switch (of(ownName)) {
            case PUBLISHED, PLATFORM_INTERNAL, LIBRARIES -> true;
            case PROVIDERS -> false;
            case CORE -> !ownName.equals("images");
            case FRONTS -> ownName.equals("shell");
        };
    }

    /** Returns {@code true} if a bundle of this layer may import the package, one of the project's own. */
    boolean mayImport(String ownName, String importedPackage) {
        boolean contract = importedPackage.startsWith("org.felucca.oci.")
                || importedPackage.equals("org.felucca.oci")
                || importedPackage.startsWith("org.felucca.api.");
        boolean files = importedPackage.equals("org.felucca.posix.fs");
        boolean posix = importedPackage.startsWith("org.felucca.posix.");
        boolean runtime = importedPackage.startsWith("org.felucca.runtime.plan")
                || importedPackage.startsWith("org.felucca.runtime.monitor");
        return switch (this) {
            case PUBLISHED -> ownName.equals("api") && importedPackage.startsWith("org.felucca.oci");
            case PLATFORM_INTERNAL ->
                switch (ownName) {
                    case "posix" -> contract;
                    case "plan" -> contract;
                    default -> contract || posix || importedPackage.startsWith("org.felucca.runtime.plan");
                };
            case LIBRARIES -> false;
            case PROVIDERS -> contract || posix || (runtime && (ownName.equals("engine") || ownName.equals("oci-cli")));
            case CORE -> contract || files;
            case FRONTS -> contract || posix;
        };
    }
}
