package org.felucca.layers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.felucca.oci.digest.Digest;

/** An OCI layout of given layers, unpacked by umoci: another implementation's opinion. */
final class UmociImage {

    private UmociImage() {}

    /** Unpacks plain tar layers. @return the root file system */
    static Path unpack(Path directory, List<Stacks.Layer> layers) throws IOException, InterruptedException {
        Path layout = directory.resolve("layout");
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        StringBuilder descriptors = new StringBuilder();
        StringBuilder diffIds = new StringBuilder();
        for (Stacks.Layer layer : layers) {
            Path temporary = directory.resolve("blob");
            try (InputStream stream = layer.open()) {
                Files.copy(stream, temporary);
            }
            Digest digest = Digest.of(Files.readAllBytes(temporary));
            long size = Files.size(temporary);
            Files.move(temporary, blobs.resolve(digest.hex()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            descriptors.append(descriptors.length() == 0 ? "" : ",").append(descriptor(Stacks.PLAIN, digest, size));
            diffIds.append(diffIds.length() == 0 ? "" : ",")
                    .append('"')
                    .append(digest)
                    .append('"');
        }
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                        + diffIds + "]}}";
        String manifest =
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                        + blob(blobs, "application/vnd.oci.image.config.v1+json", config) + ",\"layers\":["
                        + descriptors + "]}";
        String named = blob(blobs, "application/vnd.oci.image.manifest.v1+json", manifest)
                .replaceFirst("}$", ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"test\"}}");
        Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + named + "]}");
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Path bundle = directory.resolve("bundle");
        Process process = new ProcessBuilder("umoci", "unpack", "--image", layout + ":test", bundle.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("umoci: " + output.lines().collect(Collectors.joining("; ")));
        }
        return bundle.resolve("rootfs");
    }

    private static String blob(Path blobs, String mediaType, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(bytes);
        Files.write(blobs.resolve(digest.hex()), bytes);
        return descriptor(mediaType, digest, bytes.length);
    }

    private static String descriptor(String mediaType, Digest digest, long size) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
    }
}
