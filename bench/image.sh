#!/bin/sh
# image.sh NAME ARCHIVE LAYER...: writes an OCI image archive of plain layer tars; each is compressed with gzip -$GZIP_LEVEL (1).
set -eu
name=$1
archive=$2
shift 2
work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
blobs=$work/layout/blobs/sha256
mkdir -p "$blobs"

digest() { sha256sum <"$1" | cut -d' ' -f1; }
blob() { # blob FILE: moves it among the blobs and prints '"digest":...,"size":...'
  hex=$(digest "$1")
  printf '"digest":"sha256:%s","size":%s' "$hex" "$(stat -c %s "$1")"
  mv "$1" "$blobs/$hex"
}

# Layers in parallel: compression is what takes the time.
number=0
for layer; do
  number=$((number + 1))
  { gzip -n"${GZIP_LEVEL:-1}" <"$layer" >"$work/$number.gz" && digest "$layer" >"$work/$number.diff"; } &
done
wait
layers=
diffs=
for number in $(seq "$number"); do
  layers="$layers${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",$(blob "$work/$number.gz")}"
  diffs="$diffs${diffs:+,}\"sha256:$(cat "$work/$number.diff")\""
done

printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/sh"]},%s}' \
  "$(case $(uname -m) in x86_64) echo amd64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac)" \
  "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[$diffs]}" >"$work/config"
config=$(blob "$work/config")
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",%s,"layers":[%s]}' \
  "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",$config}" "$layers" >"$work/manifest"
manifest=$(blob "$work/manifest")
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/layout/oci-layout"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s,%s]}' \
  "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",$manifest" \
  "\"annotations\":{\"io.containerd.image.name\":\"$name\",\"org.opencontainers.image.ref.name\":\"$name\"}}" \
  >"$work/layout/index.json"
tar -C "$work/layout" -cf "$archive" .
