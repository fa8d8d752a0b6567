package org.felucca.registry.proxy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of {@code NO_PROXY}: names with all below them, names below a {@code .name}, addresses, networks
 * ({@code 10.0.0.0/8}), each with a port or without, or {@code *}. This machine itself is always one of them. Names are
 * not looked up.
 */
final class Bypass {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*]?");

    private final List<Entry> entries = new ArrayList<>();

    /** One entry of the list. */
    private record Entry(String name, byte @Nullable [] network, int bits, int port) {
        boolean fits(String host, byte @Nullable [] address, int asked) {
            if (port >= 0 && port != asked) {
                return false;
            }
            if (network != null) {
                return address != null && address.length == network.length && begins(address);
            }
            if (name.equals("*")) {
                return true;
            }
            return name.startsWith(".") ? host.endsWith(name) : host.equals(name) || host.endsWith("." + name);
        }

        private boolean begins(byte[] address) {
            byte[] wanted = network;
            for (int bit = 0; wanted != null && bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (wanted[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param list separated by commas; what is malformed fits nothing */
    Bypass(String list) {
        for (String text : list.split("[,\\s]+")) {
            if (!text.isEmpty()) {
                entries.add(entry(text.toLowerCase(Locale.ROOT)));
            }
        }
    }

    private static Entry entry(String text) {
        int slash = text.indexOf('/');
        if (slash > 0) {
            byte[] network = address(text.substring(0, slash));
            String digits = text.substring(slash + 1);
            if (network != null && digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= network.length * 8) {
                return new Entry(text, network, Integer.parseInt(digits), -1);
            }
            return new Entry(text, null, 0, -1);
        }
        byte[] whole = address(text);
        if (whole != null) {
            return new Entry(text, whole, whole.length * 8, -1);
        }
        int colon = text.lastIndexOf(':');
        boolean port = colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}");
        String host = port ? text.substring(0, colon) : text;
        int number = port ? Integer.parseInt(text.substring(colon + 1)) : -1;
        byte[] address = address(host);
        String name = host.startsWith("*.") ? host.substring(1) : host;
        return new Entry(name, address, address == null ? 0 : address.length * 8, number);
    }

    boolean covers(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (RegistryHost.isLoopback(host)) {
            return true;
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
        byte[] address = address(host);
        return entries.stream().anyMatch(entry -> entry.fits(host, address, port));
    }

    /** The bytes of a literal address; null for a name. */
    private static byte @Nullable [] address(String text) {
        if (!ADDRESS.matcher(text).matches() || text.indexOf('.') >= 0 && !text.contains(":") && !isDotted(text)) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            // It only looked like one.
            return null;
        }
    }

    private static boolean isDotted(String text) {
        return text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }
}
