package org.felucca.verbs.image;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.RegistryListings;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.reference.ImageReference;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code tags}: lists the tags of a repository in its registry. */
@Component(service = Verb.class)
@PluginId("tags")
public final class TagsVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("tags", "list the tags of a repository in its registry")
            .operand(OperandSpec.required("REPOSITORY", Completion.NONE, "name without tag or digest"))
            .example("felucca tags registry.example/team/app")
            .build();

    private final RegistryListings listings;

    /** Makes the verb. */
    @Activate
    public TagsVerb(@Reference RegistryListings listings) {
        this.listings = listings;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String text = invocation.operands().get(0);
        ImageReference repository = Invalid.reference(text);
        if (text.contains("@") || text.lastIndexOf(':') > text.lastIndexOf('/')) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot list tags of " + text,
                    "that names one image of a repository",
                    "give the name without tag and digest");
        }
        List<String> tags = listings.tags(repository);
        return new Result.Lines(
                tags,
                tags.stream()
                        .map(tag -> JsonObject.builder()
                                .put("repository", repository.name())
                                .put("tag", tag)
                                .build())
                        .toList());
    }
}
