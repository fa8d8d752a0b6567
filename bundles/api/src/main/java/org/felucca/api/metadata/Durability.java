package org.felucca.api.metadata;

/** When a transaction is safe from what. */
public enum Durability {
    /** It survives a crash of the daemon when the call returns, and a crash of the host some seconds later. */
    NORMAL,
    /** It survives a crash of the host when the call returns; concurrent callers share one sync. */
    FULL
}
