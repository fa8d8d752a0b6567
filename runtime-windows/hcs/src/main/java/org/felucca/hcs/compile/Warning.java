package org.felucca.hcs.compile;

/**
 * What could not be done exactly as the configuration says.
 *
 * @param pointer JSON pointer of the property
 * @param text what was done instead
 */
public record Warning(String pointer, String text) {
    @Override
    public String toString() {
        return pointer + ": " + text;
    }
}
