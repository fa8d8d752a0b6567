package org.felucca.verbs.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.verbs.image.ImageDocuments;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code inspect}: everything known about containers and images. */
@Component(service = Verb.class)
@PluginId("inspect")
public final class InspectVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("inspect", "show everything about containers or images, as JSON")
            .option(OptionSpec.value("type", Kind.STRING, "TYPE", "look for this only")
                    .choices("container", "image"))
            .option(OptionSpec.flag("spec", "show the runtime-spec document of containers instead"))
            .operand(OperandSpec.oneOrMore(
                    "NAME", Completion.CONTAINER, "container or image: name, or beginning of an id"))
            .build();

    private final ContainerService containers;
    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public InspectVerb(@Reference ContainerService containers, @Reference ImageService images) {
        this.containers = containers;
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<JsonValue> found = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (String name : invocation.operands()) {
            try {
                found.add(inspect(invocation, name));
            } catch (FeluccaException e) {
                if (e.code() == ErrorCode.CANCELLED) {
                    throw e;
                }
                errors.add(e.getMessage());
            }
        }
        Result document = new Result.Document(new JsonArray(found));
        return errors.isEmpty() ? document : new Result.Partial(document, errors, 1);
    }

    private JsonValue inspect(Invocation invocation, String name) {
        if (invocation.flag("spec")) {
            return Json.parse("runtime-spec document of " + name, containers.spec(invocation.namespace(), name));
        }
        String type = invocation.text("type").orElse("");
        if (!type.equals("image")) {
            Optional<JsonObject> container = container(invocation, name);
            if (container.isPresent()) {
                return container.get();
            }
        }
        if (!type.equals("container")) {
            Optional<Image> image = images.find(invocation.namespace(), name);
            if (image.isPresent()) {
                return ImageDocuments.whole(image.get(), images);
            }
        }
        throw new FeluccaException(
                ErrorCode.NOT_FOUND,
                "cannot inspect " + name,
                "there is no such " + (type.isEmpty() ? "container or image" : type),
                "see 'felucca ps -a' and 'felucca images'");
    }

    private Optional<JsonObject> container(Invocation invocation, String name) {
        try {
            return Optional.of(ContainerDocuments.whole(containers.details(invocation.namespace(), name)));
        } catch (FeluccaException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
