package org.felucca.layers.apply;

/** What a member means cannot be told without the layers below; ends the writing of a layer in isolation. */
final class ChainNeededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChainNeededException(String reason) {
        super(reason, null, false, false);
    }
}
