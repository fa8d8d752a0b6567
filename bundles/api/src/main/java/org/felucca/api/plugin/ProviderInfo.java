package org.felucca.api.plugin;

/**
 * A provider as shown to people.
 *
 * @param role the role's name
 * @param id the id within the role
 * @param state what it is doing
 * @param ranking the service ranking; higher is preferred for new requests
 * @param bundle symbolic name of the bundle it comes from
 * @param version version of that bundle
 * @param note why, where the state needs a reason; else empty
 */
public record ProviderInfo(
        String role, String id, State state, int ranking, String bundle, String version, String note) {
    /** What a provider is doing. */
    public enum State {
        /** It takes requests. */
        LIVE,
        /** Its bundle goes; calls under way finish. */
        DRAINING,
        /** Another live provider has the same identity; this one is not used. */
        CONFLICT,
        /** It was here, records refer to it, and it is gone. */
        DEPARTED
    }
}
