package org.felucca.oci.platform;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;

/**
 * Operating system, architecture and what refines them, in normal form: Go's names ({@code amd64}, not
 * {@code x86_64}), the baseline variant of an architecture left out ({@code arm64}, not {@code arm64/v8}), except for
 * 32-bit arm, where it is always there ({@code arm/v7}).
 *
 * @param os operating system, such as {@code linux}
 * @param architecture architecture, such as {@code amd64}
 * @param variant refinement of the architecture, such as {@code v7}; empty for the baseline
 * @param osVersion version of the operating system, such as {@code 10.0.20348.2113}; empty if it does not matter
 * @param osFeatures features of the operating system the image needs, such as {@code win32k}; sorted, each once
 */
public record Platform(String os, String architecture, String variant, String osVersion, List<String> osFeatures) {
    private static final Set<String> KNOWN_OS = Set.of(
            "aix",
            "android",
            "darwin",
            "dragonfly",
            "freebsd",
            "hurd",
            "illumos",
            "ios",
            "js",
            "linux",
            "nacl",
            "netbsd",
            "openbsd",
            "plan9",
            "solaris",
            "windows",
            "zos");
    private static final Set<String> KNOWN_ARCHITECTURES = Set.of(
            "386",
            "amd64",
            "amd64p32",
            "arm",
            "armbe",
            "arm64",
            "arm64be",
            "ppc64",
            "ppc64le",
            "loong64",
            "mips",
            "mipsle",
            "mips64",
            "mips64le",
            "mips64p32",
            "mips64p32le",
            "ppc",
            "riscv",
            "riscv64",
            "s390",
            "s390x",
            "sparc",
            "sparc64",
            "wasm");
    private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern OS_COMPONENT =
            Pattern.compile("([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?");

    /** Normalises every part; an unknown name is kept as it is, in lower case. */
    public Platform {
        os = normalOs(os);
        String lowerVariant = variant.toLowerCase(Locale.ROOT);
        String lowerArchitecture = architecture.toLowerCase(Locale.ROOT);
        switch (lowerArchitecture) {
            case "i386" -> {
                architecture = "386";
                variant = "";
            }
            case "x86_64", "x86-64", "amd64" -> {
                architecture = "amd64";
                variant = lowerVariant.equals("v1") ? "" : lowerVariant;
            }
            case "aarch64", "arm64" -> {
                architecture = "arm64";
                variant = switch (lowerVariant) {
                    case "8", "v8", "v8.0" -> "";
                    case "9", "9.0", "v9.0" -> "v9";
                    default -> lowerVariant;
                };
            }
            case "armhf" -> {
                architecture = "arm";
                variant = "v7";
            }
            case "armel" -> {
                architecture = "arm";
                variant = "v6";
            }
            case "arm" -> {
                architecture = "arm";
                variant = switch (lowerVariant) {
                    case "", "7" -> "v7";
                    case "5", "6", "8" -> "v" + lowerVariant;
                    default -> lowerVariant;
                };
            }
            default -> {
                architecture = lowerArchitecture;
                variant = lowerVariant;
            }
        }
        osFeatures = List.copyOf(new TreeSet<>(osFeatures));
    }

    /** A platform without refinements. */
    public static Platform of(String os, String architecture) {
        return new Platform(os, architecture, "", "", List.of());
    }

    /** The machine this runs on, as far as the JVM knows it: no variant, no version of the operating system. */
    public static Platform host() {
        return of(hostOs(), hostArchitecture());
    }

    /**
     * Parses {@code os[(version[+feature]…)]}, {@code arch}, or {@code os[(…)]/arch[/variant]}. What is not said is
     * the host's.
     *
     * @throws OciFormatException if the text is not of that form, or a single word is no known name
     */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 3) {
            throw invalid(text, "it has " + parts.length + " parts", "write os/architecture/variant");
        }
        Matcher first = OS_COMPONENT.matcher(parts[0]);
        if (!first.matches()) {
            throw invalid(text, OciFormatException.quote(parts[0]) + " is malformed", "write linux/amd64 or arm64");
        }
        for (int i = 1; i < parts.length; i++) {
            if (!COMPONENT.matcher(parts[i]).matches()) {
                throw invalid(text, OciFormatException.quote(parts[i]) + " is malformed", "use letters and digits");
            }
        }
        String os = normalOs(first.group(1));
        String version = first.group(2) == null ? "" : decode(text, first.group(2));
        List<String> features = features(text, first.group(3));
        if (parts.length > 1) {
            return new Platform(os, parts[1], parts.length == 3 ? parts[2] : "", version, features);
        }
        if (KNOWN_OS.contains(os)) {
            return new Platform(os, hostArchitecture(), "", version, features);
        }
        Platform guess = of(hostOs(), parts[0]);
        if (!KNOWN_ARCHITECTURES.contains(guess.architecture())) {
            throw invalid(text, "it is neither an operating system nor an architecture", "write linux/amd64 or arm64");
        }
        return guess;
    }

    /** Orders and selects candidates for a host of this platform. */
    public PlatformMatcher matcher() {
        return PlatformMatcher.of(this);
    }

    /** {@code os[(version[+feature]…)]/arch[/variant]}, which {@link #parse} reads back. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(os);
        if (!osVersion.isEmpty() || !osFeatures.isEmpty()) {
            out.append('(').append(encode(osVersion));
            osFeatures.forEach(feature -> out.append('+').append(encode(feature)));
            out.append(')');
        }
        out.append('/').append(architecture);
        if (!variant.isEmpty()) {
            out.append('/').append(variant);
        }
        return out.toString();
    }

    private static String normalOs(String os) {
        String lower = os.toLowerCase(Locale.ROOT);
        return lower.equals("macos") ? "darwin" : lower;
    }

    private static String hostOs() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return "windows";
        }
        return name.startsWith("mac") ? "darwin" : name;
    }

    private static String hostArchitecture() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "x86", "i386", "i486", "i586", "i686" -> "386";
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case "loongarch64" -> "loong64";
            default -> arch;
        };
    }

    private static List<String> features(String text, String group) {
        if (group == null || group.isEmpty()) {
            return List.of();
        }
        return List.of(group.substring(1).split("\\+")).stream()
                .map(feature -> decode(text, feature))
                .filter(feature -> !feature.isEmpty())
                .toList();
    }

    private static String encode(String option) {
        StringBuilder out = new StringBuilder();
        for (byte b : option.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }

    private static String decode(String text, String option) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < option.length(); i++) {
            char c = option.charAt(i);
            if (c != '%') {
                out.write(c);
                continue;
            }
            if (i + 2 >= option.length()
                    || Character.digit(option.charAt(i + 1), 16) < 0
                    || Character.digit(option.charAt(i + 2), 16) < 0) {
                throw invalid(text, "a % is not followed by two hexadecimal digits", "write it as %25");
            }
            out.write(Integer.parseInt(option.substring(i + 1, i + 3), 16));
            i += 2;
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static OciFormatException invalid(String text, String reason, String fix) {
        return new OciFormatException("platform " + OciFormatException.quote(text), null, reason, fix);
    }
}
