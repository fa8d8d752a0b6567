package org.felucca.core.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Signal;
import org.felucca.core.record.Launch;
import org.felucca.oci.image.ContainerDefaults;

/** Puts a request over the defaults of its image, as Docker does. */
public final class Launches {
    private static final String DEFAULT_STOP_SIGNAL = "SIGTERM";

    private Launches() {}

    /**
     * Returns what the process starts with.
     *
     * @throws FeluccaException NOT_FOUND if the program's name is empty, INVALID_ARGUMENT if there is no program, the working directory is not absolute or the
     *     stop signal does not exist
     */
    public static Launch of(ContainerRequest request, ContainerDefaults image) {
        List<String> args = new ArrayList<>();
        if (request.entrypoint().isPresent()) {
            args.addAll(request.entrypoint().get());
            args.addAll(request.command());
        } else {
            args.addAll(image.entrypoint());
            args.addAll(request.command().isEmpty() ? image.cmd() : request.command());
        }
        if (args.isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot run image " + request.image(),
                    "neither the image nor the request names a program",
                    "give a command");
        }
        if (args.get(0).isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot execute ''",
                    "the name of the program is empty",
                    "check for a variable that is not set, or leave it out to run the image's command");
        }
        String directory = first(request.workingDirectory(), image.workingDir(), "/");
        if (!directory.startsWith("/")) {
            if (!request.workingDirectory().isEmpty()) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid working directory " + directory,
                        "it is not an absolute path of the container");
            }
            directory = "/" + directory;
        }
        String signal = first(request.stopSignal(), image.stopSignal(), DEFAULT_STOP_SIGNAL);
        Signal.parse(signal);
        return new Launch(
                args,
                merge(image.env(), request.environment()),
                directory,
                first(request.user(), image.user(), ""),
                signal);
    }

    /** Returns labels of the image with those of the request over them. */
    public static Map<String, String> labels(ContainerRequest request, ContainerDefaults image) {
        if (image.labels().isEmpty()) {
            return request.labels();
        }
        Map<String, String> labels = new LinkedHashMap<>(image.labels());
        labels.putAll(request.labels());
        return labels;
    }

    private static String first(String wanted, String offered, String otherwise) {
        return !wanted.isEmpty() ? wanted : !offered.isEmpty() ? offered : otherwise;
    }

    /**
     * Puts entries over entries: one with the same name is replaced in place, {@code NAME} without a value takes it
     * away (it stays in the result, to take away a default of the platform as well).
     */
    static List<String> merge(List<String> below, List<String> above) {
        if (above.isEmpty()) {
            return below;
        }
        Map<String, String> byName = new LinkedHashMap<>();
        below.forEach(entry -> byName.put(name(entry), entry));
        above.forEach(entry -> byName.put(name(entry), entry));
        return new ArrayList<>(byName.values());
    }

    private static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }
}
