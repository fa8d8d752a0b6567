package org.felucca.runtime.plan.compile;

import java.util.List;
import org.felucca.oci.runtimespec.linux.IdMapping;

/** Id mappings as the kernel reads them. */
final class IdMaps {
    private IdMaps() {}

    static String text(List<IdMapping> mappings) {
        StringBuilder text = new StringBuilder();
        for (IdMapping mapping : mappings) {
            text.append(mapping.containerId())
                    .append(' ')
                    .append(mapping.hostId())
                    .append(' ')
                    .append(mapping.size())
                    .append('\n');
        }
        return text.toString();
    }
}
