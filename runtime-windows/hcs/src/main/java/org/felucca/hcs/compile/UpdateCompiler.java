package org.felucca.hcs.compile;

import java.util.ArrayList;
import java.util.List;
import org.felucca.hcs.document.ContainerProcessor;
import org.felucca.hcs.document.ModifySettingRequest;
import org.felucca.oci.runtimespec.windows.StorageLimit;
import org.felucca.oci.runtimespec.windows.WindowsResources;

/** Makes the changes of a running container's limits. */
public final class UpdateCompiler {
    private UpdateCompiler() {}

    /**
     * Compiles. What is absent stays as it is.
     *
     * @param warnings gets what could not be done exactly
     * @return the requests, to be made in order
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT for limits that cannot be, UNSUPPORTED for what
     *     does not change in a running container; both name the property by its JSON pointer
     */
    public static List<ModifySettingRequest> compile(
            WindowsResources resources, HostFacts host, List<Warning> warnings) {
        StorageLimit storage = resources.storage();
        if (storage != null && (storage.iops() != null || storage.bps() != null || storage.sandboxSize() != null)) {
            throw SpecProblem.unsupported(
                    "/windows/resources/storage",
                    "limits of the system drive do not change in a running container",
                    "make the container anew");
        }
        List<ModifySettingRequest> requests = new ArrayList<>();
        Long memory = Limits.memoryInMb(resources);
        if (memory != null) {
            requests.add(ModifySettingRequest.memory(memory));
        }
        ContainerProcessor processor = Limits.processor(resources, host, warnings);
        if (processor != null) {
            if (host.build() < HostFacts.UPDATE_OF_PROCESSOR) {
                throw SpecProblem.unsupported(
                        "/windows/resources/cpu",
                        "build " + host.build() + " of Windows does not change it in a running container",
                        "use build " + HostFacts.UPDATE_OF_PROCESSOR + " or later");
            }
            requests.add(ModifySettingRequest.processor(processor));
        }
        return requests;
    }
}
