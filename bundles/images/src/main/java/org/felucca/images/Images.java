package org.felucca.images;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.felucca.api.content.ContentStore;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.image.CopyRequest;
import org.felucca.api.image.ExportRequest;
import org.felucca.api.image.ExportRequest.Form;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageCommit;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.ImageSource;
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.Progress.Update;
import org.felucca.api.image.PullRequest;
import org.felucca.api.image.PushRequest;
import org.felucca.api.image.SnapshotSource;
import org.felucca.api.lease.Lease;
import org.felucca.api.lease.Leases;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.images.LayerIngest.Stored;
import org.felucca.images.archive.Folder;
import org.felucca.images.archive.TarWriter;
import org.felucca.images.source.BlobSource;
import org.felucca.images.source.ImportSource;
import org.felucca.images.source.ImportSource.Found;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** The image service. Thread-safe; calls block and obey interrupts. */
final class Images implements ImageService, AutoCloseable {
    /** What image-spec has attestations say; nothing runs on it. */
    private static final Platform NO_PLATFORM = Platform.of("unknown", "unknown");

    private static final Duration LEASE = Duration.ofHours(24);
    private static final int CACHED = 256;

    private final Providers providers;
    private final Leases leases;
    private final Events events;
    private final Clock clock;
    private final ImageRecords records;
    private final Downloads downloads;
    private final Uploads uploads;
    private final Unpacker unpacker;
    private final SnapshotReader snapshots;
    private final ImageFinder finder;
    private final LayerCheck check;

    /** What an image is on a platform; the same target always is the same. Guarded by itself. */
    private final Map<Key, ResolvedImage> resolved = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ResolvedImage> eldest) {
            return size() > CACHED;
        }
    };

    private record Key(Digest target, Platform platform) {}

    Images(
            Providers providers,
            MetadataStore metadata,
            Leases leases,
            Events events,
            ImagesSettings settings,
            Clock clock) {
        this.providers = providers;
        this.leases = leases;
        this.events = events;
        this.clock = clock;
        this.records = new ImageRecords(metadata, clock);
        this.finder = new ImageFinder(records, image -> resolve(image, Platform.host()));
        this.downloads = new Downloads(settings.parallelDownloads(), settings.parts());
        this.uploads = new Uploads(settings.parallelDownloads());
        this.unpacker = new Unpacker(providers, settings.limits(), settings.parallelLayers());
        this.snapshots = new SnapshotReader(providers);
        this.check = new LayerCheck(providers);
    }

    @Override
    public ImageDetail pull(PullRequest request, Progress progress) {
        ImageReference reference = request.reference();
        String name = reference.familiar();
        Provider<Snapshotter> snapshotter = snapshotter(request.snapshotter());
        Provider<ImageSource> source = source(reference);
        Blobs blobs = blobs();
        progress.update(new Update(name, Phase.RESOLVING, 0, 0));
        Descriptor root = source.call(contract -> contract.resolve(reference));
        requirePinned("cannot pull " + name, reference, root);
        BlobSource bytes = new RemoteBlobs(source, reference);
        try (Lease lease = leases.open("pull " + name, LEASE);
                Bringing bringing = new Bringing(name, blobs, bytes, downloads, claims(lease, blobs), progress)) {
            Optional<Manifest> artifact = request.artifacts() ? bringing.artifact(root) : Optional.empty();
            if (artifact.isPresent()) {
                return artifact(request, root, artifact.orElseThrow(), blobs, bytes, claims(lease, blobs), progress);
            }
            if (request.allPlatforms()) {
                everything(name, root, blobs, bytes, claims(lease, blobs), progress);
            }
            ResolvedImage image = bringing.resolve(root, platform(request, name, root, blobs));
            request.platform().ifPresent(asked -> requirePlatform(name, image, asked));
            boolean ours = !request.allPlatforms()
                    || request.platform().isPresent()
                    || Platform.host().matcher().matches(image.config().platform());
            if (ours) {
                check.inspect(name, image, snapshotter);
                bringing.complete(image, snapshotter, unpacker);
            }
            blobs.dropIngestsBefore(clock.instant().minus(LEASE));
            ImageDetail detail =
                    publish(request.namespace(), reference, image, blobs, ours ? snapshotter : null, "image/pull");
            progress.update(new Update(name, Phase.DONE, image.size(), image.size()));
            return detail;
        } catch (FeluccaException e) {
            abandoned(request.namespace(), reference.toString(), e);
            throw e;
        }
    }

    /** Brings in what is no container image, and names it. */
    private ImageDetail artifact(
            PullRequest request,
            Descriptor root,
            Manifest manifest,
            Blobs blobs,
            BlobSource bytes,
            Claims claims,
            Progress progress) {
        ImageReference reference = request.reference();
        ImageConfig nothing = new ImageConfig(null, null, NO_PLATFORM, ContainerDefaults.EMPTY, List.of(), List.of());
        ResolvedImage resolvedArtifact = new ResolvedImage(List.of(root), manifest, nothing);
        request.platform().ifPresent(asked -> requirePlatform(reference.familiar(), resolvedArtifact, asked));
        everything(reference.familiar(), root, blobs, bytes, claims, progress);
        blobs.dropIngestsBefore(clock.instant().minus(LEASE));
        Image named = records.name(request.namespace(), reference, root, blobs.storeId());
        events.publish(
                request.namespace(),
                "image/pull",
                reference.toString(),
                Map.of("digest", root.digest().toString()));
        progress.update(new Update(reference.familiar(), Phase.DONE, resolvedArtifact.size(), resolvedArtifact.size()));
        return detail(named, resolvedArtifact);
    }

    /** Brings in the content of every platform, and has the root keep it. */
    private void everything(
            String name, Descriptor root, Blobs blobs, BlobSource bytes, Claims claims, Progress progress) {
        try (Fetching fetching = new Fetching("cannot pull " + name, blobs, bytes, downloads, claims, progress)) {
            StoredTree tree = fetching.complete(root);
            records.keepAll(root, tree, blobs.storeId());
        }
    }

    /** The platform to show and unpack; where all are brought in and none is for this host, the first. */
    private static Platform platform(PullRequest request, String name, Descriptor root, Blobs blobs) {
        Platform wanted = request.platform().orElseGet(Platform::host);
        if (!request.allPlatforms()
                || !root.mediaType().isIndex()
                || request.platform().isPresent()) {
            return wanted;
        }
        ImageIndex index = ImageIndex.parse(blobs.document(root));
        if (index.select(wanted.matcher()).isPresent()) {
            return wanted;
        }
        return index.manifests().stream()
                .flatMap(entry -> entry.platform().stream())
                .filter(platform -> !platform.os().equals("unknown"))
                .findFirst()
                .orElse(wanted);
    }

    /** A name that is pinned to a digest means that and nothing else, whatever a registry says. */
    static void requirePinned(String subject, ImageReference reference, Descriptor root) {
        reference.digest().filter(pinned -> !pinned.equals(root.digest())).ifPresent(pinned -> {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS,
                    subject,
                    "there is " + root.digest() + " where " + pinned + " was asked for",
                    "check the digest, or leave it out");
        });
    }

    @Override
    public Descriptor copy(CopyRequest request, Progress progress) {
        Provider<ImageSource> target =
                storing("cannot copy to " + request.target().familiar(), request.target());
        return new Copying(request, source(request.source()), target, uploads, progress).copy();
    }

    /** The source that can put content where a reference points. */
    private Provider<ImageSource> storing(String subject, ImageReference target) {
        Provider<ImageSource> registry = source(target);
        if (!registry.call(contract -> contract.stores(target))) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    subject,
                    "image source " + registry.id() + " only reads",
                    "push to another registry");
        }
        return registry;
    }

    @Override
    public List<ImageDetail> load(ImportRequest request, Progress progress) {
        Platform platform = request.platform().orElseGet(Platform::host);
        Provider<Snapshotter> snapshotter = snapshotter(request.snapshotter());
        Blobs blobs = blobs();
        try (Lease lease = leases.open("import " + request.sourceName(), LEASE)) {
            blobs.dropIngestsBefore(clock.instant().minus(LEASE));
            Claims claims = claims(lease, blobs);
            ImportSource source = ImportSource.open(request, new ImportStore(blobs, claims), progress);
            List<ImageDetail> details = new ArrayList<>();
            for (Found found : source.images(request.name().orElse(null), platform)) {
                String name = found.name().familiar();
                try (Bringing bringing = new Bringing(name, blobs, source.blobs(), downloads, claims, progress)) {
                    ResolvedImage image = bringing.resolve(found.target(), platform);
                    request.platform().ifPresent(asked -> requirePlatform(name, image, asked));
                    check.inspect(name, image, snapshotter);
                    bringing.complete(image, snapshotter, unpacker);
                    details.add(publish(request.namespace(), found.name(), image, blobs, snapshotter, "image/import"));
                }
            }
            return List.copyOf(details);
        } catch (FeluccaException e) {
            abandoned(request.namespace(), request.sourceName(), e);
            throw e;
        }
    }

    @Override
    public Descriptor push(PushRequest request, Progress progress) {
        Image image = request.image();
        ImageReference target = request.target();
        String subject = "cannot push " + target.familiar();
        Provider<ImageSource> registry = storing(subject, target);
        Blobs blobs = blobs(image);
        try (Lease lease = leases.open("push " + target.familiar(), LEASE)) {
            claims(lease, blobs).claim(image.target().digest());
            StoredTree tree = wanted(subject, image, request.platform().orElse(null), request.allPlatforms(), blobs);
            List<Descriptor> documents = tree.documents();
            Descriptor root = documents.get(documents.size() - 1);
            target.digest().filter(pinned -> !pinned.equals(root.digest())).ifPresent(pinned -> {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        subject,
                        "what is here has digest " + root.digest(),
                        "leave the digest out of the name");
            });
            claims(lease, blobs).claim(tree.all());
            new Pushing(target, registry, blobs, uploads, siblings(image, target), progress).push(subject, tree);
            events.publish(
                    image.namespace(),
                    "image/push",
                    target.toString(),
                    Map.of("digest", root.digest().toString()));
            return root;
        }
    }

    @Override
    public void export(ExportRequest request, OutputStream out) {
        export(request, (subject, writing) -> {
            try {
                TarWriter tar = new TarWriter(out);
                writing.write(tar);
                tar.finish();
            } catch (InterruptedIOException e) {
                throw new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, e);
            } catch (IOException e) {
                throw new FeluccaException(
                        ErrorCode.UNAVAILABLE, subject, "the archive cannot be written: " + e.getMessage(), null, e);
            }
        });
    }

    @Override
    public void export(ExportRequest request, Path directory) {
        export(request, (subject, writing) -> Folder.make(subject, directory, writing::write));
    }

    /** What an export is written to, once all of it is known to be here. */
    private interface Destination {
        void take(String subject, Exporting writing);
    }

    private void export(ExportRequest request, Destination destination) {
        String names =
                request.images().stream().map(image -> image.name().familiar()).collect(Collectors.joining(" "));
        String subject = "cannot export " + names;
        if (request.form() == Form.DOCKER && request.allPlatforms()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    subject,
                    "a docker-archive of the old form holds one platform of an image",
                    "choose another form, or one platform");
        }
        Platform platform = request.platform().orElseGet(Platform::host);
        try (Lease lease = leases.open("export " + names, LEASE)) {
            Exporting exporting = new Exporting(subject, request.form());
            for (Image image : request.images()) {
                Blobs blobs = blobs(image);
                claims(lease, blobs).claim(image.target().digest());
                StoredTree tree = request.form() == Form.DOCKER
                        ? StoredTree.of(subject, only(image, request.platform()).manifestDescriptor(), blobs)
                        : wanted(subject, image, request.platform().orElse(null), request.allPlatforms(), blobs);
                claims(lease, blobs).claim(tree.all());
                exporting.add(image.name(), tree, blobs, shown(image, platform));
            }
            destination.take(subject, exporting);
        }
    }

    @Override
    public ImageDetail commit(ImageCommit commit, Progress progress) {
        ImageDetail base = commit.base();
        String subject = "cannot commit to image "
                + commit.name().map(ImageReference::familiar).orElse("without a name");
        Blobs blobs = blobs(base.image());
        Provider<Snapshotter> snapshotter =
                snapshotter(Optional.of(commit.snapshot().snapshotter()));
        try (Lease lease = leases.open("commit of " + commit.snapshot().key(), LEASE)) {
            Claims claims = claims(lease, blobs);
            claims.claim(base.manifest().layers());
            StoredTree.of(subject, base.manifestDescriptor(), blobs);
            Optional<Stored> layer = changed(subject, commit.snapshot(), blobs, claims);
            ResolvedImage image =
                    new Committing(commit, clock.instant().truncatedTo(ChronoUnit.MILLIS)).put(layer, blobs, claims);
            ImageReference name =
                    commit.name().orElseGet(() -> Image.unnamed(image.root().digest()));
            try (Bringing bringing =
                    new Bringing(name.familiar(), blobs, nowhere(subject), downloads, claims, progress)) {
                bringing.complete(image, snapshotter, unpacker);
            }
            return publish(commit.namespace(), name, image, blobs, snapshotter, "image/commit");
        }
    }

    /** Everything is here already, or the image below could not have been looked through. */
    private static BlobSource nowhere(String subject) {
        return (descriptor, offset) -> {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, subject, descriptor.digest() + " is not here", "pull the image below again");
        };
    }

    /** What a snapshot changed, as a layer in the store; empty if nothing. */
    private Optional<Stored> changed(String subject, SnapshotSource snapshot, Blobs blobs, Claims claims) {
        try (LayerIngest ingest = new LayerIngest(blobs)) {
            long entries = snapshots.read(
                    subject,
                    snapshot,
                    claims.lease(),
                    (differ, parent, mounts) -> differ.writeLayer(parent, mounts, ingest.tar()));
            return entries == 0 ? Optional.empty() : Optional.of(ingest.commit(claims));
        }
    }

    @Override
    public void compare(SnapshotSource snapshot, Consumer<? super PathChange> visitor) {
        String subject = "cannot compare snapshot " + snapshot.key();
        try (Lease lease = leases.open("comparison of " + snapshot.key(), LEASE)) {
            snapshots.read(subject, snapshot, lease, (differ, parent, mounts) -> {
                differ.compare(parent, mounts, visitor);
                return Boolean.TRUE;
            });
        }
    }

    @Override
    public void writeTree(SnapshotSource snapshot, OutputStream tar) {
        String subject = "cannot write snapshot " + snapshot.key();
        try (Lease lease = leases.open("export of " + snapshot.key(), LEASE)) {
            snapshots.read(subject, snapshot, lease, (differ, parent, mounts) -> differ.writeTree(mounts, tar));
        }
    }

    /** What an archive in Docker's form shows of an image; null if there is nothing for that platform. */
    private @Nullable ResolvedImage shown(Image image, Platform platform) {
        try {
            return resolved(image, platform);
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND) || e.is(ErrorCode.UNSUPPORTED)) {
                return null;
            }
            throw e;
        }
    }

    private StoredTree wanted(
            String subject, Image image, @Nullable Platform platform, boolean allPlatforms, Blobs blobs) {
        if (platform != null) {
            return StoredTree.of(subject, only(image, Optional.of(platform)).manifestDescriptor(), blobs);
        }
        try {
            return StoredTree.of(subject, image.target(), blobs);
        } catch (FeluccaException e) {
            if (allPlatforms
                    || !e.is(ErrorCode.NOT_FOUND)
                    || !image.target().mediaType().isIndex()) {
                throw e;
            }
            // A pull fetches one platform of an index; that one is a whole image by itself.
            return StoredTree.of(subject, resolve(image, Platform.host()).manifestDescriptor(), blobs);
        }
    }

    /** An image for one platform, which has to be the one asked for. */
    private ResolvedImage only(Image image, Optional<Platform> asked) {
        ResolvedImage found = resolved(image, asked.orElseGet(Platform::host));
        asked.ifPresent(platform -> requirePlatform(image.name().familiar(), found, platform));
        return found;
    }

    /** Where else in the target's registry the layers that are here may lie, by the names they have here. */
    private Map<Digest, ImageReference> siblings(Image pushed, ImageReference target) {
        Map<Digest, ImageReference> siblings = new HashMap<>();
        for (Image image : records.list(pushed.namespace())) {
            ImageReference name = image.name();
            if (!name.domain().equals(target.domain()) || name.path().equals(target.path())) {
                continue;
            }
            try {
                resolve(image, Platform.host())
                        .manifest()
                        .layers()
                        .forEach(layer -> siblings.putIfAbsent(layer.digest(), name));
            } catch (FeluccaException e) {
                if (!e.is(ErrorCode.NOT_FOUND) && !e.is(ErrorCode.UNSUPPORTED) && !e.is(ErrorCode.DATA_LOSS)) {
                    throw e;
                }
                // An image that cannot be read here only offers no short cut.
            }
        }
        return siblings;
    }

    /** A single manifest says in its configuration only what it is for; without a wish, the host tries what there is. */
    private static void requirePlatform(String name, ResolvedImage image, Platform asked) {
        Platform actual = image.config().platform();
        if (!asked.matcher().matches(actual)) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot use image " + name,
                    "it is for " + actual + ", not for " + asked,
                    "ask for another platform, or for none");
        }
    }

    /**
     * Tells, after the lease is over, that what was brought in is of no use, so that it is collected. What another attempt
     * could go on with stays until the next collection.
     */
    private void abandoned(NamespaceName namespace, String subject, FeluccaException failure) {
        switch (failure.code()) {
            case CANCELLED, ABORTED, UNAVAILABLE, DEADLINE_EXCEEDED -> {
                return;
            }
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    FAILED_PRECONDITION,
                    RESOURCE_EXHAUSTED,
                    UNSUPPORTED,
                    DATA_LOSS,
                    INTERNAL -> events.publish(namespace, "image/abandon", subject, Map.of());
        }
    }

    @Override
    public Optional<Image> find(NamespaceName namespace, String nameOrId) {
        return finder.find(namespace, nameOrId);
    }

    @Override
    public ImageDetail resolve(Image image, Platform platform) {
        return detail(image, resolved(image, platform));
    }

    private ResolvedImage resolved(Image image, Platform platform) {
        Key key = new Key(image.target().digest(), platform);
        ResolvedImage known;
        synchronized (resolved) {
            known = resolved.get(key);
        }
        if (known == null) {
            Blobs blobs = blobs(image);
            known = ImageTree.resolve(image.name().familiar(), image.target(), platform, blobs::document);
            remember(key, known);
        }
        return known;
    }

    @Override
    public void unpack(ImageDetail image, String snapshotterId, Progress progress) {
        Provider<Snapshotter> snapshotter = snapshotter(Optional.of(snapshotterId));
        String name = image.image().name().familiar();
        Blobs blobs = blobs(image.image());
        Descriptor root = image.image().target();
        Descriptor manifest = image.manifestDescriptor();
        ResolvedImage tree = new ResolvedImage(
                root.equals(manifest) ? List.of(root) : List.of(root, manifest), image.manifest(), image.config());
        Set<RecordId> top = topmost(tree, snapshotter);
        if (unpacker.isUnpacked(tree, snapshotter) && records.keeps(tree, blobs.storeId(), top)) {
            return;
        }
        try (Lease lease = leases.open("unpack " + name, LEASE)) {
            List<Meter> meters = tree.layers().stream()
                    .map(layer -> new Meter(progress, layer.digest().shortHex(), layer.size()))
                    .toList();
            unpacker.unpack(
                    name,
                    tree,
                    snapshotter,
                    i -> new StoredLayer(blobs, tree.layers().get(i)),
                    meters,
                    lease);
            records.keep(tree, blobs.storeId(), top);
        }
    }

    @Override
    public List<Image> list(NamespaceName namespace) {
        return records.list(namespace);
    }

    @Override
    public Image tag(Image image, ImageReference name) {
        Image tagged = records.tag(image, name);
        events.publish(
                image.namespace(),
                "image/tag",
                name.toString(),
                Map.of("from", image.name().toString()));
        return tagged;
    }

    @Override
    public void remove(NamespaceName namespace, ImageReference name) {
        records.remove(namespace, name);
        events.publish(namespace, "image/remove", name.toString(), Map.of());
    }

    @Override
    public byte[] document(Descriptor descriptor) {
        return blobs().document(descriptor);
    }

    /** Stops downloads and uploads and joins their threads. */
    @Override
    public void close() {
        uploads.close();
        downloads.close();
        unpacker.close();
    }

    private Claims claims(Lease lease, Blobs blobs) {
        return new Claims(lease, blobs.storeId());
    }

    private ImageDetail publish(
            NamespaceName namespace,
            ImageReference name,
            ResolvedImage image,
            Blobs blobs,
            @Nullable Provider<Snapshotter> snapshotter,
            String topic) {
        Set<RecordId> top = snapshotter == null ? Set.of() : topmost(image, snapshotter);
        Image named = records.name(namespace, name, image, blobs.storeId(), top);
        events.publish(
                namespace,
                topic,
                name.toString(),
                Map.of("digest", image.root().digest().toString()));
        return detail(named, image);
    }

    private static Set<RecordId> topmost(ResolvedImage image, Provider<Snapshotter> snapshotter) {
        List<Digest> chain = image.chain();
        return chain.isEmpty()
                ? Set.of()
                : Set.of(Unpacker.record(snapshotter, Unpacker.key(chain.get(chain.size() - 1))));
    }

    private void remember(Key key, ResolvedImage image) {
        synchronized (resolved) {
            resolved.put(key, image);
        }
    }

    private static ImageDetail detail(Image image, ResolvedImage resolved) {
        return new ImageDetail(
                image,
                resolved.config().platform(),
                resolved.manifestDescriptor(),
                resolved.manifest(),
                resolved.config(),
                resolved.chain(),
                resolved.size());
    }

    private Provider<Snapshotter> snapshotter(Optional<String> id) {
        return id.isPresent()
                ? providers.require(Role.SNAPSHOTTER, id.orElseThrow())
                : first(Role.SNAPSHOTTER, "cannot unpack an image");
    }

    private Provider<ImageSource> source(ImageReference reference) {
        return providers.live(Role.IMAGE_SOURCE).stream()
                .filter(candidate -> candidate.call(contract -> contract.serves(reference)))
                .findFirst()
                .orElseThrow(() -> none("cannot reach " + reference.familiar(), Role.IMAGE_SOURCE));
    }

    private Blobs blobs() {
        return new Blobs(first(Role.CONTENT, "cannot read images"));
    }

    /** The store that holds an image's content, as its record says. */
    private Blobs blobs(Image image) {
        return records.store(image)
                .map(id -> new Blobs(providers.<ContentStore>require(Role.CONTENT, id)))
                .orElseGet(this::blobs);
    }

    private <T> Provider<T> first(Role<T> role, String subject) {
        return providers.live(role).stream().findFirst().orElseThrow(() -> none(subject, role));
    }

    private static FeluccaException none(String subject, Role<?> role) {
        return new FeluccaException(
                ErrorCode.UNAVAILABLE, subject, "no provider of role " + role.name() + " is live", "install one");
    }
}
