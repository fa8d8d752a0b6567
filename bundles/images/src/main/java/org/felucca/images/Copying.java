package org.felucca.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.api.image.CopyRequest;
import org.felucca.api.image.ImageSource;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.Progress.Update;
import org.felucca.api.plugin.Provider;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;

/**
 * One image on its way from registry to registry: documents from the root down into memory, then blobs in parallel
 * through here, then documents from the leaves up, the root last under its name. Confined to one thread.
 */
final class Copying {
    private final CopyRequest request;
    private final Provider<ImageSource> from;
    private final Provider<ImageSource> to;
    private final Uploads uploads;
    private final Progress progress;
    private final String subject;

    Copying(
            CopyRequest request,
            Provider<ImageSource> from,
            Provider<ImageSource> to,
            Uploads uploads,
            Progress progress) {
        this.request = request;
        this.from = from;
        this.to = to;
        this.uploads = uploads;
        this.progress = progress;
        this.subject = "cannot copy " + request.source().familiar() + " to "
                + request.target().familiar();
    }

    Descriptor copy() {
        ImageReference source = request.source();
        progress.update(new Update(source.familiar(), Phase.RESOLVING, 0, 0));
        Descriptor named = from.call(contract -> contract.resolve(source));
        Images.requirePinned(subject, source, named);
        BlobSource bytes = new RemoteBlobs(from, source);
        RemoteDocuments documents = new RemoteDocuments(subject, bytes);
        Descriptor root = request.platform()
                .map(platform -> ImageTree.resolve(source.familiar(), named, platform, documents::fetch)
                        .manifestDescriptor())
                .orElse(named);
        Images.requirePinned(subject, request.target(), root);
        StoredTree tree = StoredTree.of(subject, root, documents::fetch, descriptor -> {});
        List<Runnable> tasks = new ArrayList<>();
        tree.blobs().forEach(blob -> tasks.add(() -> blob(blob, bytes)));
        uploads.run(subject, tasks);
        for (Descriptor document : tree.documents()) {
            boolean last = document.digest().equals(root.digest());
            ImageReference name = last
                    ? request.target()
                    : ImageReference.parse(request.target().name() + "@" + document.digest());
            byte[] content = documents.fetch(document);
            to.use(contract -> contract.putManifest(name, document, content));
        }
        return root;
    }

    private void blob(Descriptor blob, BlobSource bytes) {
        String item = blob.digest().shortHex();
        progress.update(new Update(item, Phase.UPLOADING, 0, blob.size()));
        boolean neighbours = request.source().domain().equals(request.target().domain())
                && !request.source().path().equals(request.target().path());
        Optional<ImageReference> sibling = neighbours ? Optional.of(request.source()) : Optional.empty();
        boolean sent = to.call(
                contract -> contract.putBlob(request.target(), blob, offset -> bytes.open(blob, offset), sibling));
        progress.update(new Update(item, sent ? Phase.DONE : Phase.EXISTS, blob.size(), blob.size()));
    }
}
