package org.felucca.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.NetworkAttachment;
import org.felucca.api.network.NetworkProvider;
import org.felucca.api.network.NetworkSandbox;
import org.junit.jupiter.api.Test;

/** What check notices, and what survives the process. */
public interface CheckContract extends NetworkProviderTest {

    @Test
    default void check_asMade_isFine() {
        provider().attach(request("a").build());
        provider().check(id("a"));
    }

    @Test
    default void check_missing_isNotFound() {
        assertRefused(ErrorCode.NOT_FOUND, "a", () -> provider().check(id("a")));
    }

    @Test
    default void check_sandboxGone_isFailedPreconditionAndStaysRemembered() {
        NetworkSandbox sandbox = sandbox("a");
        NetworkAttachment made =
                provider().attach(AttachRequest.of(id("a"), sandbox).build());
        destroy(sandbox);
        assertRefused(ErrorCode.FAILED_PRECONDITION, "a", () -> provider().check(id("a")));
        assertEquals(List.of(made), provider().attachments());
    }

    @Test
    default void restart_keepsEveryAttachment() {
        NetworkAttachment first = provider().attach(request("a").build());
        NetworkAttachment second = provider().attach(request("b").build());
        NetworkProvider again = restart();
        assertEquals(Set.of(first, second), Set.copyOf(again.attachments()));
        again.check(id("a"));
        again.detach(id("a"));
        assertEquals(List.of(second), again.attachments());
    }

    @Test
    default void calls_afterTheEnd_areUnavailable() {
        NetworkProvider ended = provider();
        ended.attach(request("a").build());
        AttachRequest late = request("b").build();
        restart();
        assertRefused(ErrorCode.UNAVAILABLE, "b", () -> ended.attach(late));
        assertRefused(ErrorCode.UNAVAILABLE, "a", () -> ended.detach(id("a")));
        assertRefused(ErrorCode.UNAVAILABLE, "a", () -> ended.check(id("a")));
        provider().check(id("a"));
    }
}
