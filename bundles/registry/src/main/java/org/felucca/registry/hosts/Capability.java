package org.felucca.registry.hosts;

import java.util.Locale;

/** What a host may be asked for. */
public enum Capability {
    /** Content by digest. */
    PULL,
    /** What a tag points to, and which tags there are. */
    RESOLVE,
    /** To take content. */
    PUSH,
    /** What refers to a manifest. */
    REFERRERS;

    /** Returns its name in {@code hosts.toml}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
