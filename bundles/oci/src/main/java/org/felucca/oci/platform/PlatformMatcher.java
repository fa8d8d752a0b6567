package org.felucca.oci.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Says which platforms a host can run and which it should prefer. The host's own comes first, then what its
 * architecture also runs, from the nearest down: {@code arm64} runs {@code arm/v8} to {@code v5}, {@code amd64/v3} runs
 * {@code v2}, the baseline and {@code 386}. Among equals the one that uses more of the host's features wins, then the
 * one listed first. Immutable.
 */
public final class PlatformMatcher {
    /** For arm64: the major versions a variant runs, each with the newest minor version of it. */
    private static final Map<String, int[][]> ARM64 = arm64Versions();

    private final List<Platform> preferred;
    private final Set<String> features;
    private final WindowsVersion windows;

    private PlatformMatcher(List<Platform> preferred, Platform host) {
        this.preferred = List.copyOf(preferred);
        this.features = Set.copyOf(host.osFeatures());
        this.windows = WindowsVersion.parse(host.osVersion());
    }

    /** A matcher for a host; also takes what the host's architecture can run besides its own. */
    public static PlatformMatcher of(Platform host) {
        return new PlatformMatcher(runnable(host), host);
    }

    /** A matcher that takes the platform itself alone, no other architecture or variant. */
    public static PlatformMatcher strict(Platform platform) {
        return new PlatformMatcher(List.of(platform), platform);
    }

    /** Whether the host runs this. */
    public boolean matches(Platform candidate) {
        return rank(candidate) >= 0;
    }

    /** The candidate the host should take; empty if it runs none. */
    public <T> Optional<T> best(Collection<T> candidates, Function<? super T, Platform> platform) {
        return candidates.stream()
                .filter(candidate -> matches(platform.apply(candidate)))
                .min(Comparator.comparing(platform, order()));
    }

    /** Best first. What does not match comes last. */
    public Comparator<Platform> order() {
        return Comparator.<Platform>comparingInt(candidate -> {
                    int rank = rank(candidate);
                    return rank < 0 ? Integer.MAX_VALUE : rank;
                })
                .thenComparingInt(candidate -> windows.equals(WindowsVersion.parse(candidate.osVersion())) ? 0 : 1)
                .thenComparing(candidate -> WindowsVersion.parse(candidate.osVersion()), Comparator.reverseOrder())
                .thenComparingInt(candidate -> -candidate.osFeatures().size());
    }

    /** Position among the preferred platforms, -1 if the host does not run it. */
    private int rank(Platform candidate) {
        for (int i = 0; i < preferred.size(); i++) {
            Platform host = preferred.get(i);
            if (host.os().equals(candidate.os())
                    && host.architecture().equals(candidate.architecture())
                    && host.variant().equals(candidate.variant())) {
                return versionFits(candidate) && featuresFit(candidate) ? i : -1;
            }
        }
        return -1;
    }

    private boolean versionFits(Platform candidate) {
        return !candidate.os().equals("windows")
                || candidate.osVersion().isEmpty()
                || windows.runs(WindowsVersion.parse(candidate.osVersion()));
    }

    private boolean featuresFit(Platform candidate) {
        Set<String> needed = new HashSet<>(candidate.osFeatures());
        if (candidate.os().equals("windows")) {
            // Every Windows Server host has it, and older indexes do not say so for the host.
            needed.remove("win32k");
        }
        return features.containsAll(needed);
    }

    private static List<Platform> runnable(Platform host) {
        List<Platform> result = new ArrayList<>();
        switch (host.architecture()) {
            case "amd64" -> {
                result.add(host);
                for (int version = version(host.variant()) - 1; version >= 1; version--) {
                    result.add(with(host, "amd64", "v" + version));
                }
                result.add(with(host, "386", ""));
            }
            case "arm" -> {
                result.add(host);
                for (int version = version(host.variant()) - 1; version >= 5; version--) {
                    result.add(with(host, "arm", "v" + version));
                }
            }
            case "arm64" -> {
                String variant = host.variant().isEmpty() ? "v8" : host.variant();
                int[][] versions = ARM64.get(variant);
                if (versions == null) {
                    result.add(host);
                    return result;
                }
                for (int[] version : versions) {
                    for (int minor = version[1]; minor >= 0; minor--) {
                        result.add(with(host, "arm64", "v" + version[0] + (minor == 0 ? "" : "." + minor)));
                    }
                }
                result.addAll(runnable(with(host, "arm", "v8")));
            }
            default -> result.add(host);
        }
        return result;
    }

    private static Platform with(Platform host, String architecture, String variant) {
        return new Platform(host.os(), architecture, variant, host.osVersion(), host.osFeatures());
    }

    private static int version(String variant) {
        if (variant.length() == 2 && variant.charAt(0) == 'v' && Character.isDigit(variant.charAt(1))) {
            return variant.charAt(1) - '0';
        }
        return 0;
    }

    /** v9.n is v8.(n+5) with more, up to v8.9. */
    private static Map<String, int[][]> arm64Versions() {
        Map<String, int[][]> table = new HashMap<>();
        for (int minor = 0; minor <= 9; minor++) {
            table.put("v8" + (minor == 0 ? "" : "." + minor), new int[][] {{8, minor}});
        }
        for (int minor = 0; minor <= 7; minor++) {
            table.put("v9" + (minor == 0 ? "" : "." + minor), new int[][] {{9, minor}, {8, Math.min(9, minor + 5)}});
        }
        return table;
    }

    /** major.minor.build of Windows; all zero if unknown. */
    private record WindowsVersion(int major, int minor, int build) implements Comparable<WindowsVersion> {
        private static final WindowsVersion UNKNOWN = new WindowsVersion(0, 0, 0);
        private static final int LTSC_2022 = 20348;
        private static final int LTSC_2025 = 26100;

        static WindowsVersion parse(String text) {
            String[] parts = text.split("\\.", 4);
            if (parts.length < 3) {
                return UNKNOWN;
            }
            try {
                return new WindowsVersion(
                        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
            } catch (NumberFormatException e) {
                return UNKNOWN;
            }
        }

        /**
         * Windows Server 2022 and later have a stable ABI: a host runs images from the last LTSC release before it up
         * to itself. Before, builds must be equal.
         */
        boolean runs(WindowsVersion image) {
            if (equals(UNKNOWN)) {
                return true;
            }
            if (major != image.major || minor != image.minor) {
                return false;
            }
            if (build < LTSC_2022) {
                return build == image.build;
            }
            int oldest = build > LTSC_2025 ? LTSC_2025 : LTSC_2022;
            return oldest <= image.build && image.build <= build;
        }

        @Override
        public int compareTo(WindowsVersion other) {
            return Comparator.comparingInt(WindowsVersion::major)
                    .thenComparingInt(WindowsVersion::minor)
                    .thenComparingInt(WindowsVersion::build)
                    .compare(this, other);
        }
    }
}
