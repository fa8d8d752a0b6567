package org.felucca.core.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.felucca.api.container.Composition;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.RuntimeFeatures.Capability;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.platform.Platform;

/**
 * Picks providers: the one asked for, else the first in order of ranking (then age) that does what the request needs.
 * Stateless but for the registries; thread-safe.
 */
public final class Composer {
    private final Providers providers;
    private final Platform host;

    /**
     * Makes a composer.
     *
     * @param providers who is live
     * @param host the platform of requests that name none
     */
    public Composer(Providers providers, Platform host) {
        this.providers = providers;
        this.host = host;
    }

    /** Returns the platform a request is for. */
    public Platform platform(ContainerRequest request) {
        return request.platform().orElse(host);
    }

    /**
     * Picks who serves a request.
     *
     * @throws FeluccaException UNAVAILABLE if nobody fills a role; UNSUPPORTED if those who are live, or the one asked
     *     for, do not do what the request needs
     */
    public Composition compose(ContainerRequest request) {
        return new Composition(List.of(
                choose(Role.SNAPSHOTTER, request.snapshotter(), provider -> ""),
                choose(Role.RUNTIME, request.runtime(), provider -> lacking(provider, request))));
    }

    /**
     * Checks that a backend mounts what a snapshotter offers.
     *
     * @throws FeluccaException UNSUPPORTED naming both
     */
    public void requireMountable(List<SnapshotMount> mounts, Provider<RuntimeBackend> runtime, String snapshotter) {
        Set<SnapshotMount.Kind> known =
                runtime.<RuntimeFeatures>call(RuntimeBackend::features).mountKinds();
        for (SnapshotMount mount : mounts) {
            if (!known.contains(mount.kind())) {
                throw new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        "cannot run on snapshotter=" + snapshotter + " with runtime=" + runtime.id(),
                        "the runtime does not mount " + mount.kind() + ", only " + known,
                        "choose another pair with --snapshotter and --runtime");
            }
        }
    }

    /** Why a backend cannot serve a request; empty if it can. */
    private String lacking(Provider<RuntimeBackend> provider, ContainerRequest request) {
        RuntimeFeatures features = provider.call(RuntimeBackend::features);
        String system = platform(request).os();
        if (!features.operatingSystems().contains(system)) {
            return "it does not run " + system + " containers";
        }
        if (request.reaper() && !features.capabilities().contains(Capability.REAPER)) {
            return "it has no init to put in front of the process";
        }
        return "";
    }

    private <T> Composition.Choice choose(Role<T> role, String wanted, Function<Provider<T>, String> lacking) {
        if (!wanted.isEmpty()) {
            return explicit(role, wanted, lacking);
        }
        List<Provider<T>> live = providers.live(role);
        List<String> others = new ArrayList<>(live.size());
        Provider<T> picked = null;
        for (Provider<T> provider : live) {
            if (picked != null) {
                others.add(provider.id() + ": ranked below");
                continue;
            }
            String reason = lacking.apply(provider);
            if (reason.isEmpty()) {
                picked = provider;
            } else {
                others.add(provider.id() + ": " + reason);
            }
        }
        if (picked == null) {
            throw new FeluccaException(
                    live.isEmpty() ? ErrorCode.UNAVAILABLE : ErrorCode.UNSUPPORTED,
                    "cannot choose a " + role.name(),
                    live.isEmpty() ? "none is live" : String.join(", ", others),
                    live.isEmpty() ? "wait until one is, or look at the plugins" : "install one that fits");
        }
        String why = live.size() == 1
                ? "the only one"
                : others.stream().allMatch(other -> other.endsWith(": ranked below"))
                        ? "highest ranking of " + live.size()
                        : "highest ranking of those that fit";
        return new Composition.Choice(role.name(), picked.id(), why, others);
    }

    private <T> Composition.Choice explicit(Role<T> role, String wanted, Function<Provider<T>, String> lacking) {
        Provider<T> provider = providers.require(role, wanted);
        String reason = lacking.apply(provider);
        if (!reason.isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot use " + role.name() + "=" + wanted,
                    reason,
                    "choose another one, or none to let the platform choose");
        }
        List<String> others = new ArrayList<>();
        for (Provider<T> other : providers.live(role)) {
            if (!other.id().equals(wanted)) {
                others.add(other.id() + ": not asked for");
            }
        }
        return new Composition.Choice(role.name(), wanted, "asked for by --" + role.name(), others);
    }
}
