#!/bin/sh
# image.sh PROGRAM ARCHIVE: writes an OCI image archive whose one layer holds PROGRAM at /hello. SOURCE_DATE_EPOCH is every time in it.
set -eu
program=$1
archive=$2
name=docker.io/felucca/hello:latest
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
layout=$work/layout
blobs=$layout/blobs/sha256
mkdir -p "$blobs" "$work/tree"

pack() { # pack DIRECTORY: a tar of its content on standard output, with nothing of this machine in it
  (cd "$1" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort) |
    tar -C "$1" --format=ustar --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --no-recursion -T - -cf -
}
digest() { sha256sum <"$1" | cut -d' ' -f1; }
blob() { # blob FILE: moves it among the blobs and prints '"digest":...,"size":...'
  hex=$(digest "$1")
  printf '"digest":"sha256:%s","size":%s' "$hex" "$(stat -c %s "$1")"
  mv "$1" "$blobs/$hex"
}

case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  *) echo "image.sh: no OCI name known for machine $(uname -m)" >&2; exit 1 ;;
esac

install -m 755 "$program" "$work/tree/hello"
pack "$work/tree" >"$work/layer.tar"
diff_id=$(digest "$work/layer.tar")
gzip -n9 "$work/layer.tar"
layer=$(blob "$work/layer.tar.gz")

cat >"$work/config" <<JSON
{"created":"$created","architecture":"$arch","os":"linux",\
"config":{"Entrypoint":["/hello"],"Env":["PATH=/"],"WorkingDir":"/","Labels":{"org.opencontainers.image.title":"hello"}},\
"rootfs":{"type":"layers","diff_ids":["sha256:$diff_id"]},\
"history":[{"created":"$created","created_by":"COPY hello /hello"}]}
JSON
config=$(blob "$work/config")

cat >"$work/manifest" <<JSON
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
"config":{"mediaType":"application/vnd.oci.image.config.v1+json",$config},\
"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",$layer}]}
JSON
manifest=$(blob "$work/manifest")

printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
cat >"$layout/index.json" <<JSON
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",\
"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",$manifest,\
"platform":{"architecture":"$arch","os":"linux"},\
"annotations":{"io.containerd.image.name":"$name","org.opencontainers.image.ref.name":"latest"}}]}
JSON
pack "$layout" >"$archive.tmp"
mv "$archive.tmp" "$archive"
