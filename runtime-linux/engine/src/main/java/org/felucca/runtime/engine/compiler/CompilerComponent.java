package org.felucca.runtime.engine.compiler;

import java.io.IOException;
import java.nio.file.Path;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compiler at {@code STATE/compiler.sock}, which {@code felucca-oci} uses while the daemon runs. */
@Component(
        immediate = true,
        service = {})
@SatisfyingConditionTarget("(osgi.condition.id=felucca.host.linux)")
public final class CompilerComponent {
    private static final Logger LOG = LoggerFactory.getLogger(CompilerComponent.class);
    private static final String STATE = "felucca.state";
    private static final String SOCKET = "compiler.sock";

    private final CompilerListener listener;

    /** Listens. */
    @Activate
    public CompilerComponent(BundleContext framework) {
        String state = framework.getProperty(STATE);
        if (state == null) {
            throw failed("the property " + STATE + " is not set", null);
        }
        try {
            this.listener = CompilerListener.open(
                    Path.of(state, SOCKET), new PlanService(), problem -> LOG.warn("plan compiler: {}", problem));
        } catch (IOException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    private static FeluccaException failed(String reason, @org.jspecify.annotations.Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION, "cannot serve plans to felucca-oci", reason, null, cause);
    }

    @Deactivate
    void close() throws IOException {
        listener.close();
    }
}
