package org.felucca.runtime.engine.systemd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.runtime.engine.dbus.Bus;
import org.felucca.runtime.engine.dbus.BusError;
import org.felucca.runtime.engine.dbus.Marshal;

/**
 * A connection to systemd's manager, for one piece of work. Confined to one thread.
 *
 * <p>Every method throws UNAVAILABLE if systemd cannot be reached, DEADLINE_EXCEEDED if it does not answer in time.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html">its interface</a>
 */
public final class Systemd implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String NAME = "org.freedesktop.systemd1";
    private static final String PATH = "/org/freedesktop/systemd1";
    private static final String MANAGER = NAME + ".Manager";
    private static final String JOB_REMOVED = "JobRemoved";
    private static final String NO_SUCH_UNIT = NAME + ".NoSuchUnit";
    private static final String UNIT_EXISTS = NAME + ".UnitExists";

    private final Bus bus;
    private boolean watching;

    private Systemd(Bus bus) {
        this.bus = bus;
    }

    /** @param socket where the system bus listens */
    public static Systemd connect(Path socket) {
        return new Systemd(Bus.connect(socket, DEADLINE));
    }

    private interface Work<T> {
        T run() throws BusError;
    }

    private static <T> T attempt(String subject, Work<T> work) {
        try {
            return work.run();
        } catch (BusError e) {
            ErrorCode code = switch (e.name()) {
                case UNIT_EXISTS -> ErrorCode.ALREADY_EXISTS;
                case NO_SUCH_UNIT -> ErrorCode.NOT_FOUND;
                case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner" ->
                    ErrorCode.UNAVAILABLE;
                case "org.freedesktop.DBus.Error.AccessDenied" -> ErrorCode.PERMISSION_DENIED;
                case "org.freedesktop.DBus.Error.InvalidArgs", "org.freedesktop.DBus.Error.PropertyReadOnly" ->
                    ErrorCode.INVALID_ARGUMENT;
                default -> ErrorCode.INTERNAL;
            };
            throw new FeluccaException(code, subject, "systemd answers: " + e.getMessage(), null, e);
        }
    }

    /**
     * Starts a transient scope, and returns when it is there.
     *
     * @param properties PIDs among them
     * @throws FeluccaException ALREADY_EXISTS if there is a unit of that name, INVALID_ARGUMENT for a property that it
     *     does not take
     */
    public void startScope(String unit, List<UnitProperty> properties) {
        String subject = "cannot make cgroup " + unit;
        attempt(subject, () -> {
            watchJobs();
            Marshal arguments = new Marshal().string(unit).string("fail");
            write(arguments, properties);
            arguments.beginArray(8).endArray();
            awaitJob(
                    subject,
                    bus.call(NAME, PATH, MANAGER, "StartTransientUnit", "ssa(sv)a(sa(sv))", arguments)
                            .string());
            return Boolean.TRUE;
        });
    }

    /** Changes properties of a unit until it ends. */
    public void setProperties(String unit, List<UnitProperty> properties) {
        attempt("cannot change cgroup " + unit, () -> {
            Marshal arguments = new Marshal().string(unit).bool(true);
            write(arguments, properties);
            return bus.call(NAME, PATH, MANAGER, "SetUnitProperties", "sba(sv)", arguments);
        });
    }

    private static void write(Marshal arguments, List<UnitProperty> properties) {
        arguments.beginArray(8);
        properties.forEach(property -> property.write(arguments));
        arguments.endArray();
    }

    /** Stops a unit, and returns when it has; does nothing if there is none. */
    public void stop(String unit) {
        String subject = "cannot remove cgroup " + unit;
        try {
            attempt(subject, () -> {
                watchJobs();
                Marshal arguments = new Marshal().string(unit).string("replace");
                awaitJob(
                        subject,
                        bus.call(NAME, PATH, MANAGER, "StopUnit", "ss", arguments)
                                .string());
                return Boolean.TRUE;
            });
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** Lets systemd forget a unit that has failed; does nothing if there is none. */
    public void resetFailed(String unit) {
        try {
            attempt(
                    "cannot remove cgroup " + unit,
                    () -> bus.call(NAME, PATH, MANAGER, "ResetFailedUnit", "s", new Marshal().string(unit)));
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /**
     * Returns the path of a scope's cgroup below the hierarchy's root.
     *
     * @throws FeluccaException NOT_FOUND if there is no such scope, or it has ended
     */
    public String controlGroup(String scope) {
        String subject = "cannot find cgroup " + scope;
        String found = attempt(subject, () -> {
            String path = bus.call(NAME, PATH, MANAGER, "GetUnit", "s", new Marshal().string(scope))
                    .string();
            Marshal arguments = new Marshal().string(NAME + ".Scope").string("ControlGroup");
            return bus.call(NAME, path, "org.freedesktop.DBus.Properties", "Get", "ss", arguments)
                    .stringVariant();
        });
        if (!found.startsWith("/") || found.length() == 1) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "the scope has ended");
        }
        return found;
    }

    /** Before the first job is begun: its end might be told at once. */
    private void watchJobs() throws BusError {
        if (!watching) {
            bus.match("type='signal',sender='" + NAME + "',path='" + PATH + "',interface='" + MANAGER + "',member='"
                    + JOB_REMOVED + "'");
            bus.call(NAME, PATH, MANAGER, "Subscribe", "", new Marshal());
            watching = true;
        }
    }

    private String awaitJob(String subject, String job) {
        String[] result = new String[1];
        bus.awaitSignal(signal -> {
            if (!signal.member().equals(JOB_REMOVED)) {
                return false;
            }
            var values = signal.values();
            values.u32();
            boolean ours = values.string().equals(job);
            values.string();
            result[0] = values.string();
            return ours;
        });
        if (!"done".equals(result[0])) {
            throw new FeluccaException(ErrorCode.INTERNAL, subject, "systemd's job ended as '" + result[0] + "'");
        }
        return job;
    }

    @Override
    public void close() {
        bus.close();
    }
}
