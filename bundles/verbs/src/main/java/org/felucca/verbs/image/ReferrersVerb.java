package org.felucca.verbs.image;

import java.util.List;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.RegistryListings;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.reference.ImageReference;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code referrers}: lists what refers to an image in its registry. */
@Component(service = Verb.class)
@PluginId("referrers")
public final class ReferrersVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of(
                    "referrers", "list signatures and other artifacts that refer to an image in its registry")
            .option(OptionSpec.value("artifact-type", Kind.STRING, "TYPE", "show those of this media type only"))
            .option(OptionSpec.flag("quiet", "show digests only").shortName('q'))
            .operand(OperandSpec.required("IMAGE", Completion.IMAGE, "name, with tag or digest"))
            .example("felucca referrers --artifact-type application/spdx+json registry.example/team/app:1")
            .build();

    private final RegistryListings listings;

    /** Makes the verb. */
    @Activate
    public ReferrersVerb(@Reference RegistryListings listings) {
        this.listings = listings;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        ImageReference image = Invalid.reference(invocation.operands().get(0));
        MediaType type =
                invocation.text("artifact-type").map(ReferrersVerb::mediaType).orElse(null);
        List<Descriptor> found = listings.referrers(image, type);
        List<JsonObject> rows = found.stream().map(one -> row(image, one)).toList();
        return invocation.flag("quiet")
                ? new Result.Lines(
                        found.stream().map(one -> one.digest().toString()).toList(), rows)
                : new Result.Table(
                        List.of(
                                Column.text("DIGEST", "digest"),
                                Column.text("ARTIFACT TYPE", "artifactType"),
                                Column.of("SIZE", "size", Format.BYTES)),
                        rows);
    }

    private static JsonObject row(ImageReference image, Descriptor one) {
        JsonObject.Builder row = JsonObject.builder()
                .put("name", image.name() + "@" + one.digest())
                .put("digest", one.digest().toString())
                .put("artifactType", one.artifactType().map(MediaType::value).orElse(""))
                .put("mediaType", one.mediaType().value())
                .put("size", one.size());
        return row.stringMap("annotations", one.annotations()).build();
    }

    private static MediaType mediaType(String text) {
        try {
            return new MediaType(text);
        } catch (OciFormatException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot list referrers of type " + text,
                    "that is no media type",
                    "write type/subtype",
                    e);
        }
    }
}
