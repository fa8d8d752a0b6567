package org.felucca.runtime.engine;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.runtime.monitor.HelperExec;
import org.felucca.runtime.monitor.MessageLoop;
import org.felucca.runtime.monitor.ProcessService;
import org.felucca.runtime.monitor.SpawnClient;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;

/** Holds the socket that {@code supervise} handed to this process, and runs helper programs over it. */
@Component(service = {HostExec.class, ProcessService.class})
@SatisfyingConditionTarget("(osgi.condition.id=felucca.host.linux)")
public final class ProcessServiceComponent implements HostExec, ProcessService {
    private static final String VARIABLE = "FELUCCA_SPAWN_FD";

    private final MessageLoop loop;
    private final SpawnClient spawn;
    private final HelperExec helpers;

    /** Connects. */
    @Activate
    public ProcessServiceComponent() {
        Fd socket = inherited();
        this.loop = MessageLoop.start("felucca-monitors");
        try {
            this.spawn = SpawnClient.connect(socket, loop);
        } catch (FeluccaException e) {
            loop.close();
            throw e;
        }
        this.helpers = new HelperExec(spawn);
    }

    /** A second descriptor, so that the first stays for an update of this bundle. */
    private static Fd inherited() {
        String number = System.getenv(VARIABLE);
        if (number == null || !number.matches("[0-9]{1,9}")) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    "cannot run processes",
                    VARIABLE + " does not name the process service's socket",
                    "start the platform with bin/felucca-daemon");
        }
        Fd first = Fd.adopt(Integer.parseInt(number));
        try {
            Io.setCloseOnExec(first);
            return first.duplicate();
        } finally {
            first.release();
        }
    }

    @Override
    public HostExecResult run(HostExecRequest request) {
        return helpers.run(request);
    }

    @Override
    public SpawnClient spawn() {
        return spawn;
    }

    @Override
    public MessageLoop loop() {
        return loop;
    }

    @Deactivate
    void close() {
        spawn.close();
        loop.close();
    }
}
