package org.felucca.images;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.content.ContentReader;
import org.felucca.api.image.ImageSource;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.Progress.Update;
import org.felucca.api.plugin.Provider;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;

/**
 * One image on its way out: blobs in parallel, then documents from the leaves up, each by its digest, and the root last
 * under its name. So a registry never shows a name whose content is not there. Confined to one thread.
 */
final class Pushing {
    private static final long STEP = 1 << 20;

    private final ImageReference target;
    private final Provider<ImageSource> registry;
    private final Blobs blobs;
    private final Uploads uploads;
    private final Map<Digest, ImageReference> siblings;
    private final Progress progress;

    /** @param siblings repositories of the same registry that may have a blob */
    Pushing(
            ImageReference target,
            Provider<ImageSource> registry,
            Blobs blobs,
            Uploads uploads,
            Map<Digest, ImageReference> siblings,
            Progress progress) {
        this.target = target;
        this.registry = registry;
        this.blobs = blobs;
        this.uploads = uploads;
        this.siblings = siblings;
        this.progress = progress;
    }

    void push(String subject, StoredTree tree) {
        List<Runnable> tasks = new ArrayList<>();
        tree.blobs().forEach(blob -> tasks.add(() -> upload(blob)));
        uploads.run(subject, tasks);
        int last = tree.documents().size() - 1;
        for (int i = 0; i <= last; i++) {
            Descriptor document = tree.documents().get(i);
            ImageReference name = i == last ? target : ImageReference.parse(target.name() + "@" + document.digest());
            byte[] bytes = blobs.document(document);
            registry.use(contract -> contract.putManifest(name, document, bytes));
        }
    }

    private void upload(Descriptor blob) {
        String item = blob.digest().shortHex();
        progress.update(new Update(item, Phase.UPLOADING, 0, blob.size()));
        Optional<ImageReference> sibling = Optional.ofNullable(siblings.get(blob.digest()));
        boolean sent = registry.call(contract -> contract.putBlob(target, blob, offset -> open(blob, offset), sibling));
        progress.update(new Update(item, sent ? Phase.DONE : Phase.EXISTS, blob.size(), blob.size()));
    }

    private InputStream open(Descriptor blob, long offset) {
        ContentReader reader = blobs.reader(blob.digest());
        String item = blob.digest().shortHex();
        long[] reported = {offset};
        return new BlobStream(reader, offset, position -> {
            if (position - reported[0] >= STEP) {
                reported[0] = position;
                progress.update(new Update(item, Phase.UPLOADING, position, blob.size()));
            }
        });
    }
}
