package org.felucca.tck.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.NetworkAttachment;
import org.felucca.api.network.NetworkSandbox;
import org.junit.jupiter.api.Test;

/** What detach frees, and how often. */
public interface DetachContract extends NetworkProviderTest {

    @Test
    default void detach_attachment_isForgotten() {
        provider().attach(request("a").build());
        NetworkAttachment other = provider().attach(request("b").build());
        provider().detach(id("a"));
        assertEquals(List.of(other), provider().attachments());
        assertRefused(ErrorCode.NOT_FOUND, "a", () -> provider().check(id("a")));
        provider().check(id("b"));
    }

    @Test
    default void detach_twiceOrNeverAttached_doesNothing() {
        provider().detach(id("a"));
        provider().attach(request("a").build());
        provider().detach(id("a"));
        provider().detach(id("a"));
        assertEquals(List.of(), provider().attachments());
    }

    @Test
    default void detach_thenAttach_isAsNew() {
        NetworkSandbox sandbox = sandbox("a");
        AttachRequest request = AttachRequest.of(id("a"), sandbox).build();
        for (int round = 0; round < 3; round++) {
            NetworkAttachment made = provider().attach(request);
            assertEquals(List.of(made), provider().attachments());
            provider().check(id("a"));
            provider().detach(id("a"));
        }
    }

    @Test
    default void detach_sandboxGone_freesTheRest() {
        NetworkSandbox sandbox = sandbox("a");
        provider().attach(AttachRequest.of(id("a"), sandbox).build());
        destroy(sandbox);
        provider().detach(id("a"));
        assertEquals(List.of(), provider().attachments());
    }

    @Test
    default void collect_allButTheLiving_isDetached() {
        NetworkAttachment stays = provider().attach(request("a").build());
        provider().attach(request("b").build());
        NetworkSandbox gone = sandbox("c");
        provider().attach(AttachRequest.of(id("c"), gone).build());
        destroy(gone);
        assertEquals(Set.of(id("b"), id("c")), Set.copyOf(provider().collect(Set.of(id("a"), id("never")))));
        assertEquals(List.of(stays), provider().attachments());
        provider().check(id("a"));
        assertEquals(List.of(), provider().collect(Set.of(id("a"))));
    }
}
