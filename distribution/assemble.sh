#!/bin/bash
# assemble.sh STAGE TARGET VERSION TIMESTAMP JDK: builds the C programs, puts the distribution together in TARGET from what Maven left
# in STAGE (bundles/, lib/, native/), and writes TARGET's archive beside it. Called by Maven; equal inputs give equal bytes.
set -euo pipefail
stage=$1
target=$2
version=$3
jar=$5/bin/jar
SOURCE_DATE_EPOCH=$(date -u -d "$4" +%s)
export SOURCE_DATE_EPOCH
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/.." && pwd)

# Bundles that lend their packages and are not started: gogo.jline would open a shell on the daemon's own terminal.
lenders='org.apache.felix.gogo.jline-'

# The platform layer, which changes only by a restart of the daemon: these bundles take their classes from the class path, where the JVM
# can archive them linked (docs/decisions/0604). All others, and every plugin, are loaded by the framework and can be swapped live.
platform='felucca-(api|core|logging|metadata|monitor|oci|plan|plugins|posix|shell)-[0-9]|jackson-|jline-|jspecify-|org\.|sqlite-'

make -s -C "$top/runtime-linux/applets"
make -s -C "$here/client"
make -s -C "$here/hello"

rm -rf "$target"
mkdir -p "$target"/{bin,etc,bundles,lib/native,lib/systemd,lib/classes,plugins,images,doc}

install -m 755 "$here/bin/felucca-daemon" "$here/client/target/felucca" "$target/bin/"
install -m 755 "$top/runtime-linux/applets/target/felucca-applets" "$here/bin/felucca-compiler" "$target/lib/"
install -m 755 "$top/runtime-linux/applets/target/felucca-oci" "$target/bin/"
install -m 644 "$here/bin/jdk.sh" "$target/lib/"
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

class_path='felucca-launcher.jar felix-framework.jar'
for bundle in "$stage"/bundles/*.jar; do
  name=${bundle##*/}
  install -m 644 "$bundle" "$target/bundles/$name"
  line=$name
  if [[ $name =~ ^($platform) ]]; then
    line="$line platform"
    class_path="$class_path ../bundles/$name"
  fi
  [[ $name != $lenders* ]] || line="$line resolve"
  echo "$line" >>"$target/bundles/bundles.list"
done

# The program: a jar of nothing but a manifest with the class path. Native access is allowed there (jffi and SQLite load native code)
# and not by an option, which would cost JDK 24 and later their own archive of modules.
{
  printf 'Main-Class: org.felucca.launcher.Main\nEnable-Native-Access: ALL-UNNAMED\n'
  echo "Class-Path: $class_path" | sed -E 's/.{60}/&\n /g'
} >"$stage/manifest"
"$jar" --create --file "$target/lib/felucca.jar" --date="$4" --manifest "$stage/manifest"

# What a class archive is valid for: the very files of this build.
(cd "$target" && find bin bundles lib -type f | LC_ALL=C sort | xargs sha256sum) | sha256sum | cut -c1-16 >"$target/lib/build-id"
echo "$version" >"$target/lib/version"

find "$target" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
tar -C "$target/.." --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  --transform "s,^felucca,felucca-$version," -cf - felucca | gzip -n >"$target-$version.tar.gz"
rm -rf "$stage"
