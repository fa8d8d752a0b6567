#!/bin/bash
# assemble.sh STAGE TARGET VERSION TIMESTAMP: builds the C programs, puts the distribution together in TARGET from what Maven left in
# STAGE (bundles/, lib/, native/), and writes TARGET's archive beside it. Called by Maven; equal inputs give equal bytes.
set -euo pipefail
stage=$1
target=$2
version=$3
SOURCE_DATE_EPOCH=$(date -u -d "$4" +%s)
export SOURCE_DATE_EPOCH
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/.." && pwd)

# Bundles that lend their packages and are not started: gogo.jline would open a shell on the daemon's own terminal.
lenders='org.apache.felix.gogo.jline-'

make -s -C "$top/runtime-linux/applets"
make -s -C "$here/client"
make -s -C "$here/hello"

rm -rf "$target"
mkdir -p "$target"/{bin,etc,bundles,lib/native,lib/systemd,plugins,images,doc}

install -m 755 "$here/bin/felucca-daemon" "$here/client/target/felucca" "$target/bin/"
install -m 755 "$top/runtime-linux/applets/target/felucca-applets" "$target/lib/"
install -m 644 "$stage"/lib/*.jar "$target/lib/"
find "$stage/native" -name '*.so' -exec install -m 644 -t "$target/lib/native" {} +
install -m 644 "$here/systemd/felucca.service" "$target/lib/systemd/"
install -m 644 "$here/hello/target/hello.tar" "$target/images/"
install -m 644 "$top/LICENSE" "$top/README.md" "$target/"
[ ! -d "$top/docs/guide" ] || cp -r "$top/docs/guide/." "$target/doc/"

# Configuration: ours, and what each module ships for its components.
shopt -s nullglob
for directory in "$here/etc" "$top"/{bundles,runtime-linux,snapshotters}/*/src/main/etc; do
  install -m 644 -t "$target/etc" "$directory"/*
done

for jar in "$stage"/bundles/*.jar; do
  name=${jar##*/}
  install -m 644 "$jar" "$target/bundles/$name"
  case $name in
    $lenders*) echo "$name resolve" ;;
    *) echo "$name" ;;
  esac
done >"$target/bundles/bundles.list"

# What a class archive is valid for: the very files of this build.
(cd "$target" && find bundles lib -type f | LC_ALL=C sort | xargs sha256sum) | sha256sum | cut -c1-16 >"$target/lib/build-id"
echo "$version" >"$target/lib/version"

find "$target" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
tar -C "$target/.." --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  --transform "s,^felucca,felucca-$version," -cf - felucca | gzip -n >"$target-$version.tar.gz"
rm -rf "$stage"
