package org.felucca.registry.hosts;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.registry.tls.TlsFiles;
import org.felucca.registry.toml.TomlException;
import org.felucca.registry.toml.TomlReader;
import org.felucca.registry.toml.TomlValue;
import org.felucca.registry.toml.TomlValue.Table;
import org.jspecify.annotations.Nullable;

/** One {@code hosts.toml}. What it does not know it refuses, with file, line and key. Confined to one thread. */
final class HostsFile {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");
    private static final Set<String> RESERVED_HEADERS =
            Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");
    private static final List<String> HOST_KEYS =
            List.of("capabilities", "ca", "client", "skip_verify", "header", "override_path", "dial_timeout");
    private static final List<String> ROOT_KEYS =
            Stream.concat(Stream.of("server", "host"), HOST_KEYS.stream()).toList();

    private final String subject;
    private final String domain;
    private final Path file;

    /**
     * @param subject what cannot be done if the file is wrong
     * @param domain the registry it is about
     */
    HostsFile(String subject, String domain, Path file) {
        this.subject = subject;
        this.domain = domain;
        this.file = file;
    }

    /** The hosts in the order of the text, the server last. */
    List<RegistryHost> read(String text) {
        Table root;
        try {
            root = TomlReader.read(text);
        } catch (TomlException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    file + ", line " + e.line() + ": " + e.reason(),
                    "write it as TOML",
                    e);
        }
        requireKnown(root, ROOT_KEYS, "");
        List<RegistryHost> hosts = new ArrayList<>();
        TomlValue given = root.values().get("host");
        Map<String, TomlValue> tables =
                given == null ? Map.of() : table(given, "host").values();
        tables.forEach((address, value) -> {
            String key = "host.\"" + address + "\"";
            Table table = table(value, key);
            requireKnown(table, HOST_KEYS, key + ".");
            hosts.add(host(table, key + ".", address, table.line()));
        });
        hosts.add(server(root));
        return List.copyOf(hosts);
    }

    private RegistryHost server(Table root) {
        TomlValue server = root.values().get("server");
        if (server != null && !text(server, "server").isEmpty()) {
            return host(root, "", text(server, "server"), server.line());
        }
        TlsFiles tls = tls(root, "");
        RegistryHost own = tls.isNone() ? RegistryHost.of(domain) : RegistryHost.secure(domain);
        if (flag(root, "", "override_path")) {
            throw wrong(root.values().get("override_path"), "override_path", "there is no 'server'", "add one");
        }
        return host(root, "", own.domain(), own.api(), tls);
    }

    private RegistryHost host(Table table, String prefix, String address, int line) {
        String url = address.startsWith("http://") || address.startsWith("https://") ? address : "https://" + address;
        String key = prefix.isEmpty() ? "server" : prefix.substring(0, prefix.length() - 1);
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw wrong(line, key, "'" + address + "' is no address", "write https://host:port");
        }
        if (uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw wrong(line, key, "'" + address + "' is no address", "write https://host:port, or with a path");
        }
        if (uri.getRawUserInfo() != null) {
            throw wrong(line, key, "it has a user in its address", "run 'felucca login' for that host");
        }
        String path = trimmed(uri.getRawPath());
        if (!flag(table, prefix, "override_path") && !path.endsWith("/v2")) {
            path += "/v2";
        }
        String authority = uri.getRawAuthority();
        URI api = URI.create(uri.getScheme() + "://" + authority + path);
        return host(table, prefix, RegistryHost.domainOf(authority), api, tls(table, prefix));
    }

    private RegistryHost host(Table table, String prefix, String own, URI api, TlsFiles tls) {
        return new RegistryHost(
                own,
                api,
                capabilities(table, prefix),
                tls,
                headers(table, prefix),
                own.equals(domain) ? null : domain,
                dialTimeout(table, prefix));
    }

    private static String trimmed(String path) {
        String trimmed = path.replaceAll("/+", "/");
        return trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }

    private Set<Capability> capabilities(Table table, String prefix) {
        TomlValue value = table.values().get("capabilities");
        String key = prefix + "capabilities";
        Set<Capability> found = EnumSet.noneOf(Capability.class);
        for (TomlValue word : value == null ? List.<TomlValue>of() : array(value, key)) {
            String text = text(word, key);
            found.add(Stream.of(Capability.values())
                    .filter(capability -> capability.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            word, key, "'" + text + "' is no capability", "use pull, resolve, push or referrers")));
        }
        return found.isEmpty() ? EnumSet.allOf(Capability.class) : found;
    }

    private TlsFiles tls(Table table, String prefix) {
        TomlValue ca = table.values().get("ca");
        List<Path> authorities = ca == null
                ? List.of()
                : texts(ca, prefix + "ca").stream().map(this::path).toList();
        return new TlsFiles(
                authorities, pairs(table.values().get("client"), prefix), flag(table, prefix, "skip_verify"));
    }

    /** A file with certificate and key, several of them, or several pairs of files. */
    private List<TlsFiles.Pair> pairs(@Nullable TomlValue client, String prefix) {
        List<TlsFiles.Pair> pairs = new ArrayList<>();
        if (client == null) {
            return pairs;
        }
        String key = prefix + "client";
        for (TomlValue one : client instanceof TomlValue.Array array ? array.values() : List.of(client)) {
            List<String> files = texts(one, key);
            if (files.isEmpty() || files.size() > 2) {
                throw wrong(one, key, "it has " + files.size() + " files", "write [[\"certificate\", \"key\"]]");
            }
            pairs.add(new TlsFiles.Pair(path(files.get(0)), path(files.get(files.size() - 1))));
        }
        return pairs;
    }

    private Map<String, List<String>> headers(Table table, String prefix) {
        TomlValue value = table.values().get("header");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (value == null) {
            return headers;
        }
        table(value, prefix + "header").values().forEach((name, values) -> {
            String key = prefix + "header." + name;
            if (!HEADER_NAME.matcher(name).matches() || RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw wrong(values, key, "no request may have a header of that name", "take it out");
            }
            List<String> texts = texts(values, key);
            if (texts.stream().anyMatch(text -> text.chars().anyMatch(c -> c < ' ' && c != '\t' || c >= 0x7f))) {
                throw wrong(values, key, "its value has characters that no header has", "write it in ASCII");
            }
            headers.put(name, texts);
        });
        return headers;
    }

    private @Nullable Duration dialTimeout(Table table, String prefix) {
        TomlValue value = table.values().get("dial_timeout");
        if (value == null) {
            return null;
        }
        String key = prefix + "dial_timeout";
        String text = text(value, key);
        Matcher matcher = DURATION.matcher(text);
        double nanos = 0;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            nanos += Double.parseDouble(matcher.group(1)) * nanos(matcher.group(2));
            end = matcher.end();
        }
        if (end != text.length() || nanos < 1e6) {
            throw wrong(value, key, "'" + text + "' is no duration", "write it like \"10s\" or \"1m30s\"");
        }
        return Duration.ofNanos((long) nanos);
    }

    private static double nanos(String unit) {
        return switch (unit) {
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
        };
    }

    private boolean flag(Table table, String prefix, String name) {
        TomlValue value = table.values().get(name);
        if (value == null) {
            return false;
        }
        if (value instanceof TomlValue.Truth truth) {
            return truth.value();
        }
        throw wrong(value, prefix + name, "it is " + value.kind(), "write true or false");
    }

    private Path path(String text) {
        return file.resolveSibling(text).normalize();
    }

    private Table table(TomlValue value, String key) {
        if (value instanceof Table table) {
            return table;
        }
        throw wrong(value, key, "it is " + value.kind(), "write it as a table");
    }

    private List<TomlValue> array(TomlValue value, String key) {
        if (value instanceof TomlValue.Array array) {
            return array.values();
        }
        throw wrong(value, key, "it is " + value.kind(), "write it as an array of strings");
    }

    /** One string, or an array of them. */
    private List<String> texts(TomlValue value, String key) {
        List<TomlValue> values = value instanceof TomlValue.Array array ? array.values() : List.of(value);
        return values.stream().map(one -> text(one, key)).toList();
    }

    private String text(TomlValue value, String key) {
        if (value instanceof TomlValue.Text text) {
            return text.value();
        }
        throw wrong(value, key, "it is " + value.kind(), "write it as a string, in quotes");
    }

    private void requireKnown(Table table, List<String> known, String prefix) {
        table.values().forEach((key, value) -> {
            if (!known.contains(key)) {
                throw wrong(
                        value,
                        prefix + key,
                        "there is no such key",
                        "use one of " + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        });
    }

    private FeluccaException wrong(@Nullable TomlValue value, String key, String reason, String fix) {
        return wrong(value == null ? 1 : value.line(), key, reason, fix);
    }

    private FeluccaException wrong(int line, String key, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION, subject, file + ", line " + line + ", key " + key + ": " + reason, fix);
    }
}
