package org.felucca.api.image;

/** When a run asks the source for the image. */
public enum PullPolicy {
    /** Only if it is not there. */
    MISSING,
    /** Each time; what is there already is not fetched again. */
    ALWAYS,
    /** Not at all: it has to be there. */
    NEVER
}
