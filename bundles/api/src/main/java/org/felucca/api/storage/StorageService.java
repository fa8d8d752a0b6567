package org.felucca.api.storage;

import java.util.List;
import java.util.function.Consumer;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ProviderType;

/** Checks and measures what is on the disk. Thread-safe; calls block and obey interrupts. */
@ProviderType
public interface StorageService {
    /**
     * Checks everything, beside whatever else goes on: what is made or removed meanwhile may be left out, and is not
     * taken for damaged. One check runs at a time; another one waits.
     *
     * @param request how
     * @param progress told each finding at once
     * @throws FeluccaException CANCELLED on interrupt, with what was repaired so far; UNAVAILABLE if the records cannot
     *     be read
     */
    CheckReport check(CheckRequest request, Consumer<? super Finding> progress);

    /**
     * Measures, one element for each {@link Usage.Kind}, in its order.
     *
     * @throws FeluccaException CANCELLED on interrupt; UNAVAILABLE if the records cannot be read
     */
    List<Usage> usage();
}
