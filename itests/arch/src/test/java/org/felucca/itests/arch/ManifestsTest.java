package org.felucca.itests.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.felucca.itests.arch.BuiltBundles.BuiltBundle;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    @Test
    void distribution_assembled_holdsTheBundlesOfEveryLayer() {
        assertTrue(BuiltBundles.own().size() >= 14, () -> "only " + names(BuiltBundles.own()));
    }

    @Test
    void classPath_ofTheDaemon_holdsThePlatformLayerAndNothingThatIsSwapped() {
        List<String> marked = BuiltBundles.onClassPath();
        for (BuiltBundle bundle : BuiltBundles.own()) {
            String name = bundle.ownName().orElseThrow();
            assertEquals(
                    Layer.isPlatform(name),
                    marked.contains(bundle.file().getFileName().toString()),
                    bundle.symbolicName() + " on the class path");
        }
        assertTrue(marked.size() >= 20, () -> "only " + marked);
    }

    @Test
    void imports_ofOwnPackages_followTheLayers() {
        List<String> offences = new ArrayList<>();
        for (BuiltBundle bundle : BuiltBundles.own()) {
            String name = bundle.ownName().orElseThrow();
            for (String imported : bundle.foreignImports()) {
                if (imported.startsWith("org.felucca.") && !Layer.of(name).mayImport(name, imported)) {
                    offences.add(bundle.symbolicName() + " imports " + imported);
                }
            }
        }
        assertEquals(List.of(), offences);
    }

    @Test
    void exports_outsideThePublishedLayer_areMarkedInternal() {
        List<String> offences = new ArrayList<>();
        for (BuiltBundle bundle : BuiltBundles.own()) {
            Layer layer = Layer.of(bundle.ownName().orElseThrow());
            for (String exported : bundle.parameters("Export-Package").keySet()) {
                boolean allowed = switch (layer) {
                    case PUBLISHED -> true;
                    case PLATFORM_INTERNAL ->
                        exported.equals("org.felucca.posix.fs") || bundle.exportsInternally(exported);
                    case LIBRARIES -> !exported.startsWith("org.felucca.");
                    case PROVIDERS, CORE, FRONTS -> false;
                };
                if (!allowed) {
                    offences.add(bundle.symbolicName() + " exports " + exported);
                }
            }
        }
        assertEquals(List.of(), offences);
    }

    @Test
    void exports_ofAllBundles_areNotSplit() {
        Map<String, String> exporters = new HashMap<>();
        List<String> offences = new ArrayList<>();
        for (BuiltBundle bundle : BuiltBundles.all()) {
            for (String exported : bundle.parameters("Export-Package").keySet()) {
                String other = exporters.putIfAbsent(exported, bundle.symbolicName());
                if (other != null && (exported.startsWith("org.felucca.") || exported.startsWith("org.slf4j"))) {
                    offences.add(exported + " is exported by " + other + " and " + bundle.symbolicName());
                }
            }
        }
        assertEquals(List.of(), offences);
    }

    @Test
    void headers_ofOwnBundles_useNoBannedMechanism() {
        List<String> offences = new ArrayList<>();
        for (BuiltBundle bundle : BuiltBundles.own()) {
            for (String banned :
                    List.of("Require-Bundle", "DynamicImport-Package", "Bundle-Activator", "Fragment-Host")) {
                if (bundle.header(banned).isPresent()) {
                    offences.add(bundle.symbolicName() + " has " + banned);
                }
            }
        }
        assertEquals(List.of(), offences);
    }

    private static List<String> names(List<BuiltBundle> bundles) {
        return bundles.stream().map(BuiltBundle::symbolicName).toList();
    }
}
