package org.felucca.registry;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.registry.hosts.Capability;
import org.felucca.registry.hosts.RegistryHost;

/**
 * The hosts that answer for a registry, asked one after another until one does: mirrors in their order, the registry
 * last. A mirror gets one try a request, the last host as many as the settings say. A host that could not be reached is
 * asked last for a while, so that its time-out is not paid for every blob. Thread-safe.
 */
final class Candidates {
    private static final Duration PENANCE = Duration.ofSeconds(30);

    private final Function<String, List<RegistryHost>> hosts;
    private final Clock clock;
    private final Map<RegistryHost, Instant> unreachable = new ConcurrentHashMap<>();

    /** One host's turn. */
    @FunctionalInterface
    interface Turn<T> {
        /** @param attempts most tries of a request; 0 for as many as the settings say */
        T on(RegistryHost host, int attempts) throws IOException;
    }

    /** @param hosts finds the hosts of a registry by the domain of its references */
    Candidates(Function<String, List<RegistryHost>> hosts, Clock clock) {
        this.hosts = hosts;
        this.clock = clock;
    }

    /** The host that takes content and credentials: the registry itself, unless others push. */
    RegistryHost own(String domain) {
        List<RegistryHost> all = hosts.apply(domain);
        return all.get(all.size() - 1);
    }

    /**
     * The first host that may be asked for all of that.
     *
     * @throws FeluccaException FAILED_PRECONDITION if there is none
     */
    RegistryHost first(String subject, String domain, Set<Capability> wanted) {
        return able(subject, domain, wanted).get(0);
    }

    /**
     * Asks the hosts in turn.
     *
     * @return what the first said that did not refuse
     * @throws FeluccaException what the only host said; where there are several, what the last said, with the reasons
     *     of all
     * @throws IOException if the last host's answer broke off
     */
    <T> T ask(String subject, String domain, Set<Capability> wanted, Turn<T> turn) throws IOException {
        List<RegistryHost> able = able(subject, domain, wanted);
        List<FeluccaException> refusals = new ArrayList<>();
        for (RegistryHost host : able.subList(0, able.size() - 1)) {
            try {
                return turn.on(host, 1);
            } catch (IOException e) {
                refusals.add(Refusals.unreachable(subject, host.domain(), e));
            } catch (FeluccaException e) {
                if (e.is(ErrorCode.CANCELLED)) {
                    throw e;
                }
                note(host, e);
                refusals.add(e);
            }
        }
        RegistryHost last = able.get(able.size() - 1);
        try {
            return turn.on(last, 0);
        } catch (FeluccaException e) {
            note(last, e);
            throw refusals.isEmpty() || e.is(ErrorCode.CANCELLED) ? e : all(subject, domain, refusals, e);
        }
    }

    private List<RegistryHost> able(String subject, String domain, Set<Capability> wanted) {
        Instant now = clock.instant();
        unreachable.values().removeIf(now::isAfter);
        List<RegistryHost> able = new ArrayList<>();
        List<RegistryHost> late = new ArrayList<>();
        for (RegistryHost host : hosts.apply(domain)) {
            if (host.can(wanted)) {
                (unreachable.containsKey(host) ? late : able).add(host);
            }
        }
        able.addAll(late);
        if (able.isEmpty()) {
            String words = wanted.stream().map(Capability::word).sorted().collect(Collectors.joining(", "));
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "no host of " + domain + " has the capabilities " + words,
                    "see 'capabilities' in its hosts.toml");
        }
        return able;
    }

    private void note(RegistryHost host, FeluccaException e) {
        if (e.is(ErrorCode.UNAVAILABLE)) {
            unreachable.put(host, clock.instant().plus(PENANCE));
        }
    }

    private static FeluccaException all(
            String subject, String domain, List<FeluccaException> before, FeluccaException last) {
        String reasons = before.stream().map(e -> e.reason() + "; ").collect(Collectors.joining()) + last.reason();
        FeluccaException all = new FeluccaException(
                last.code(),
                subject,
                "no host of " + domain + " gives it: " + reasons,
                last.fix().orElse(null),
                last);
        before.forEach(all::addSuppressed);
        return all;
    }
}
