package org.felucca.api.diff;

/**
 * One thing that differs between two file systems.
 *
 * @param kind how it differs
 * @param path absolute container path; what is no UTF-8 in it is shown as lone surrogates
 */
public record PathChange(Kind kind, String path) {
    /** How something differs. */
    public enum Kind {
        /** It is new. */
        ADDED('A'),
        /** It, or something in it if it is a directory, is another. */
        CHANGED('C'),
        /** It is gone. */
        DELETED('D');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** Returns the letter that stands for it. */
        public char letter() {
            return letter;
        }
    }
}
