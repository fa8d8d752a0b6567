#!/bin/bash
# pull.sh [-n ROUNDS] [-s MEGABYTES] [-k DIRECTORY] [-j FILE] [-x NAME]...: what it costs to pull an image, here and elsewhere.
# See README.md.
set -euo pipefail
shopt -s nullglob
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

rounds=3
megabytes=1400
keep=
json=
skipped=' '
while getopts 'n:s:k:j:x:' option; do
  case $option in
    n) rounds=$OPTARG ;;
    s) megabytes=$OPTARG ;;
    k) mkdir -p "$OPTARG" && keep=$(readlink -f "$OPTARG") ;;
    j) json=$(readlink -f "$OPTARG") ;;
    x) skipped="$skipped$OPTARG " ;;
    *) echo "usage: pull.sh [-n ROUNDS] [-s MEGABYTES] [-k DIRECTORY] [-j FILE] [-x NAME]..." >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "pull.sh: unpacking an image needs root" >&2; exit 1; }
# podman mounts its storage: in a namespace of its own, nothing is left of that.
if [ -z "${FELUCCA_BENCH_PRIVATE:-}" ]; then
  FELUCCA_BENCH_PRIVATE=1 exec unshare --mount --propagation private "$0" "$@"
fi

BENCH=$(mktemp -d /var/tmp/felucca-pull.XXXXXX)
mkdir "$BENCH/run"
mount -t tmpfs -o mode=711 felucca-bench "$BENCH/run"
export BENCH FELUCCA_HOME=${FELUCCA_HOME:-$here/../distribution/target/felucca}
export FELUCCA_ADDRESS=unix://$BENCH/felucca.sock REGISTRY_PORT=${REGISTRY_PORT:-5392}
export CONTAINERS_CONF=$BENCH/containers.conf
export TMPDIR=$BENCH/tmp
mkdir "$TMPDIR"
results=$BENCH/results
repository=bench/pull
image=127.0.0.1:$REGISTRY_PORT/$repository:1
archive=${keep:-$BENCH}/image-$megabytes.tar

say() { echo "pull.sh: $*" >&2; }
has() { [[ " ${names[*]} " == *" $1 "* ]]; }

felucca=("$FELUCCA_HOME/bin/felucca")
ctr=(ctr --address "$BENCH/containerd/containerd.sock" --namespace felucca-bench)
podman=(podman --root "$BENCH/podman/root" --runroot "$BENCH/run/podman" --storage-driver overlay --cgroup-manager cgroupfs
  --tmpdir "$BENCH/run/podman-tmp" --runtime runc)

clean_up() {
  local status=$?
  trap - EXIT
  set +e
  local daemon
  for daemon in felucca containerd registry; do
    "$here/daemons.sh" stop "$daemon" || status=1
  done
  # Only mounts of ours are below it; nothing is removed while one is left.
  local mount
  while read -r mount; do umount "$mount"; done < <(awk -v b="$BENCH/" 'index($5, b) == 1 {print $5}' /proc/self/mountinfo | sort -r)
  if [ "$status" -ne 0 ]; then
    mkdir -p "$BENCH.logs" && cp "$BENCH"/*.log "$BENCH.logs/" 2>/dev/null
    say "failed; logs are kept in $BENCH.logs"
  fi
  rm -rf --one-file-system "$BENCH"
  exit "$status"
}

# --- the image --------------------------------------------------------------------------------------------------------------------

# Four layers of files that this machine has: programs, documents and data, libraries, and what else lies in /usr. Each is a quarter of
# the size, or what there is. Parent directories are members of every layer, as in layers of other builders.
layer_files() { # layer_files PREFIX...: names up to a quarter of the size, in the order of their paths
  find "$@" -xdev \( -type f -o -type d -o -type l \) -printf '%p\t%s\n' 2>/dev/null | LC_ALL=C sort |
    awk -F'\t' -v most=$((megabytes * 1000000 / 4)) '
      NF == 2 && (total += $2 + 512) <= most {
        n = split($1, part, "/")
        path = ""
        for (i = 2; i < n; i++) { path = path "/" part[i]; if (!(path in seen)) { seen[path]; print substr(path, 2) } }
        if (!($1 in seen)) { seen[$1]; print substr($1, 2) }
      }'
}

make_image() {
  [ ! -e "$archive" ] || return 0
  say "making an image of $megabytes MB"
  local number=0 layers=() prefixes
  for prefixes in "/usr/bin /usr/sbin" /usr/share "/usr/lib/$(uname -m)-linux-gnu" "/usr/lib /usr/include"; do
    number=$((number + 1))
    # shellcheck disable=SC2086  # several prefixes
    layer_files $prefixes >"$BENCH/$number.files"
    tar -C / --no-recursion --numeric-owner --xattrs -T "$BENCH/$number.files" -cf "$BENCH/$number.tar"
    layers+=("$BENCH/$number.tar")
  done
  GZIP_LEVEL=6 "$here/image.sh" "$image" "$archive.part" "${layers[@]}"
  mv "$archive.part" "$archive"
  rm "${layers[@]}"
}

push_image() {
  "$here/daemons.sh" start registry
  skopeo copy -q --dest-tls-verify=false "oci-archive:$archive" "docker://$image"
  skopeo inspect --raw --tls-verify=false "docker://$image" >"$BENCH/manifest"
  mapfile -t layers < <(grep -o '"layers":.*' "$BENCH/manifest" | grep -o 'sha256:[0-9a-f]*')
  compressed=$(grep -o '"layers":.*' "$BENCH/manifest" | grep -o '"size": *[0-9]*' | awk -F: '{sum += $2} END {print sum}')
}

blob() { echo "http://127.0.0.1:$REGISTRY_PORT/v2/$repository/blobs/$1"; }

# --- what is measured -------------------------------------------------------------------------------------------------------------

set_up() {
  names=()
  [[ $skipped == *" felucca "* ]] || names+=(felucca)
  [[ $skipped == *" ctr "* ]] || ! command -v ctr >/dev/null || names+=(ctr)
  [[ $skipped == *" podman "* ]] || ! command -v podman >/dev/null || names+=(podman)
  : >"$CONTAINERS_CONF"
  [ ${#names[@]} -gt 0 ] || { say "nothing to measure"; exit 1; }
}

# ext4 passes over inodes that were freed within the last minutes one by one: what an earlier round removed would slow down the next
# one. Each sample has a file system of its own, on a loop device past the page cache, and an engine that was just started.
fresh() { # fresh NAME
  local disk=$BENCH/${1/ctr/containerd} loop
  "$here/daemons.sh" stop "${1/ctr/containerd}"
  ! mountpoint -q "$disk" || umount "$disk"
  rm -f "$BENCH/$1.img"
  truncate -s $((megabytes * 6 + 2000))M "$BENCH/$1.img"
  mkfs.ext4 -q -F -i 8192 -E lazy_itable_init=0,lazy_journal_init=0,nodiscard "$BENCH/$1.img"
  mkdir -p "$disk"
  loop=$(losetup --find --show --direct-io=on "$BENCH/$1.img")
  mount "$loop" "$disk"
  losetup --detach "$loop" # when it is unmounted
  case $1 in felucca | ctr) "$here/daemons.sh" start "${1/ctr/containerd}" ;; esac
  sync -f "$BENCH"
  sync -f "$disk"
}

root() { case $1 in felucca) echo "$BENCH/felucca/root" ;; ctr) echo "$BENCH/containerd/root" ;; podman) echo "$BENCH/podman/root" ;; esac; }

daemon() {
  case $1 in
    felucca) echo "-p $(cat "$BENCH/felucca.pid")" ;;
    ctr) echo "-p $(cat "$BENCH/containerd.pid")" ;;
  esac
}

meter() { # meter ROW NAME COMMAND...
  local row=$1 name=$2
  shift 2
  # shellcheck disable=SC2046  # an option and its value, or nothing
  "$BENCH/meter" -r "$row" -n "$name" -o "$results" $(daemon "$name") -- "$@" >>"$BENCH/$name.log" 2>&1 ||
    { tail -5 "$BENCH/$name.log" >&2; exit 1; }
}

pull() {
  case $1 in
    felucca) meter pull felucca "${felucca[@]}" pull -q "$image" ;;
    ctr) meter pull ctr "${ctr[@]}" images pull --plain-http "$image" ;;
    podman) meter pull podman "${podman[@]}" pull -q --tls-verify=false "$image" ;;
  esac
}

import() {
  case $1 in
    felucca) meter import felucca "${felucca[@]}" import -q "$archive" "$image" ;;
    ctr) meter import ctr "${ctr[@]}" images import "$archive" ;;
    podman) meter import podman "${podman[@]}" pull -q "oci-archive:$archive" ;;
  esac
}

export_image() {
  case $1 in
    # shellcheck disable=SC2016  # the inner shell expands
    felucca) meter export felucca sh -c '"$1" save "$2" >"$3"' sh "${felucca[@]}" "$image" "$BENCH/export.tar" ;;
    ctr) meter export ctr "${ctr[@]}" images export "$BENCH/export.tar" "$image" ;;
    podman) meter export podman "${podman[@]}" save -q --format oci-archive -o "$BENCH/export.tar" "$image" ;;
  esac
  rm "$BENCH/export.tar"
}

# Until the space is free again, which for some is later than the command's end.
remove() { # remove ROW NAME
  case $2 in
    felucca) meter "$1" felucca "${felucca[@]}" rmi "$image" ;;
    ctr) meter "$1" ctr "${ctr[@]}" images remove --sync "$image" ;;
    podman) meter "$1" podman "${podman[@]}" rmi -f -a ;;
  esac
  local deadline=$((SECONDS + 120))
  until [ "$(du -sx --block-size=1M "$(root "$2")" 2>/dev/null | cut -f1)" -lt 20 ]; do
    [ "$SECONDS" -lt "$deadline" ] || { say "$2 does not free its space: $(du -sxm "$(root "$2")")"; exit 1; }
    sleep 0.2
  done
}

round() {
  local name
  for name in "${names[@]}"; do
    fresh "$name"
    pull "$name"
    meter sync-after-pull "$name" sync -f "$(root "$name")"
    export_image "$name"
    remove remove "$name"
  done
  for name in "${names[@]}"; do
    fresh "$name"
    import "$name"
  done
}

limits() {
  local tree=$BENCH/limit digest urls=() outputs=() unpack
  for digest in "${layers[@]}"; do
    urls+=("$(blob "$digest")")
    outputs+=(-o /dev/null)
  done
  fresh limit
  meter curl limit curl -sSf --parallel "${outputs[@]}" "${urls[@]}"
  # shellcheck disable=SC2016  # the inner shell expands
  unpack='tree=$1; shift; for url; do curl -sSf "$url" | gzip -dc | tar -C "$tree" -x --numeric-owner || exit 1; done'
  meter curl-gzip-tar limit bash -o pipefail -c "$unpack" bash "$tree" "${urls[@]}"
  meter sync-after-pull limit sync -f "$tree"
}

# --- report -----------------------------------------------------------------------------------------------------------------------

describe_machine() {
  printf 'kernel %s, %s CPUs (%s), %s MB; ' "$(uname -r)" "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
    "$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)"
  printf '%s; load %s\n' "$(stat -f -c 'file system %T' "$BENCH")" "$(cut -d' ' -f1-3 /proc/loadavg)"
  local name
  for name in ctr podman; do
    ! has "$name" || "$name" --version | head -1
  done
  if has felucca; then
    fresh felucca
    "${felucca[@]}" version --verbose
  fi
  printf 'image: %d layers, %d MB gzip\n\n' "${#layers[@]}" $((compressed / 1000000))
}

report() { # medians
  printf '%-20s %-10s %9s %9s %9s %10s %8s\n' row command seconds MB/s 'CPU (s)' 'peak (MB)' samples
  LC_ALL=C sort -t"$(printf '\t')" -k1,1 -k2,2 -k3,3n "$results" | awk -F'\t' -v bytes="$compressed" -v json="$json" '
    function median(values, n,   i, j, t) {
      for (i = 2; i <= n; i++) for (j = i; j > 1 && values[j] < values[j - 1]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
      return values[int((n + 1) / 2)]
    }
    function flush(   s, c, p) {
      if (!n) return
      s = median(wall, n); c = median(cpu, n); p = median(peak, n)
      rate = row ~ /^(pull|import|export|curl|curl-gzip-tar)$/ ? sprintf("%.0f", bytes / 1e6 / s) : "-"
      printf "%-20s %-10s %9.2f %9s %9.2f %10.0f %8d\n", row, name, s, rate, c, p / 1024, n
      if (json != "") printf "{\"row\":\"%s\",\"name\":\"%s\",\"median_s\":%.3f,\"cpu_s\":%.2f,\"peak_kb\":%d,\"samples\":%d}\n", row, name, s, c, p, n >>json
    }
    $1 != row || $2 != name { flush(); row = $1; name = $2; n = 0 }
    { n++; wall[n] = $3 + 0; cpu[n] = $4 + 0; peak[n] = $5 + 0 }
    END { flush() }'
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cc -std=gnu11 -O2 -Wall -Wextra -o "$BENCH/meter" "$here/meter.c"
make_image
push_image
set_up
describe_machine
for ((i = 0; i < rounds; i++)); do
  limits
  round
done
report
