#!/bin/bash
# start.sh [-n ROUNDS] [-w WARMUP] [-d] [-j FILE] [-x NAME]...: what it costs to run a container, here and elsewhere. See README.md.
set -euo pipefail
shopt -s nullglob
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

rounds=300
warmup=200
disk=
json=
skipped=' '
while getopts 'n:w:dj:x:' option; do
  case $option in
    n) rounds=$OPTARG ;;
    w) warmup=$OPTARG ;;
    d) disk=1 ;;
    j) json=$(readlink -f "$OPTARG") ;;
    x) skipped="$skipped$OPTARG " ;;
    *) echo "usage: start.sh [-n ROUNDS] [-w WARMUP] [-d] [-j FILE] [-x NAME]..." >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "start.sh: containers need root" >&2; exit 1; }
# Mounts are made in a namespace of its own: whatever happens, none is left.
if [ -z "${FELUCCA_BENCH_PRIVATE:-}" ]; then
  FELUCCA_BENCH_PRIVATE=1 exec unshare --mount --propagation private "$0" "$@"
fi

BENCH=$(mktemp -d /var/tmp/felucca-bench.XXXXXX)
# What everybody keeps under /run, which is a tmpfs on a server, though not on every machine.
mkdir -m 711 "$BENCH/run"
[ -n "$disk" ] || mount -t tmpfs -o mode=711 felucca-bench "$BENCH/run"
export BENCH FELUCCA_HOME=${FELUCCA_HOME:-$here/../distribution/target/felucca}
export FELUCCA_ADDRESS=unix://$BENCH/felucca.sock REGISTRY_PORT=${REGISTRY_PORT:-5391}
export CONTAINERS_CONF=$BENCH/podman/containers.conf
: "${json:=$BENCH/results.jsonl}"
image=localhost/bench/busybox:latest
big=127.0.0.1:$REGISTRY_PORT/bench/big
idle_seconds=86413 # tells our sleeping containers from anything else on the machine
idle=20

say() { echo "start.sh: $*" >&2; }
have() { [[ $skipped != *" $1 "* ]] && command -v "$2" >/dev/null; }

# The peers' command lines; what they keep lies below $BENCH.
felucca() { "$FELUCCA_HOME/bin/felucca" "$@"; }
ctr=(ctr --address "$BENCH/containerd/containerd.sock" --namespace felucca-bench)
podman=(podman --root "$BENCH/podman/root" --runroot "$BENCH/run/podman" --storage-driver overlay --cgroup-manager cgroupfs
  --tmpdir "$BENCH/run/podman-tmp" --runtime runc)

# --- cleaning up ------------------------------------------------------------------------------------------------------------------

clean_up() {
  local status=$?
  trap - EXIT
  set +e
  remove_idle
  local daemon
  for daemon in felucca containerd registry; do
    "$here/daemons.sh" stop "$daemon" || status=1
  done
  local top
  for top in /sys/fs/cgroup/{,*/}{felucca-bench,libpod_parent}; do
    [ ! -d "$top" ] || find "$top" -depth -type d -exec rmdir {} + 2>/dev/null
  done
  # Only mounts of ours are below it; nothing is removed while one is left.
  local mount
  while read -r mount; do umount "$mount"; done < <(awk -v b="$BENCH/" 'index($5, b) == 1 {print $5}' /proc/self/mountinfo | sort -r)
  if [ "$status" -ne 0 ]; then
    say "failed; logs: $(echo "$BENCH"/*.log)"
    mkdir -p "$BENCH.logs" && cp "$BENCH"/*.log "$BENCH.logs/" 2>/dev/null && say "kept in $BENCH.logs"
  fi
  rm -rf --one-file-system "$BENCH"
  exit "$status"
}

# --- what is run ------------------------------------------------------------------------------------------------------------------

# crun 1.8 takes a host with cgroup v1 and an empty v2 tree beside it for a v2 one. The tree is hidden in a mount namespace of the
# stopwatch, so that no command pays for it; daemons run outside.
stopwatch() {
  if mountpoint -q /sys/fs/cgroup/unified; then
    # shellcheck disable=SC2016  # the inner shell expands
    unshare --mount --propagation private sh -c 'umount /sys/fs/cgroup/unified && exec "$@"' sh "$BENCH/stopwatch" "$@"
  else
    "$BENCH/stopwatch" "$@"
  fi
}

make_image() {
  local root=$BENCH/rootfs
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp}
  install -m 755 "$(command -v busybox)" "$root/bin/busybox"
  local applet
  for applet in sh true sleep; do ln -s busybox "$root/bin/$applet"; done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  tar -C "$root" --owner=0 --group=0 --numeric-owner -cf "$BENCH/layer.tar" .
  "$here/image.sh" "$image" "$BENCH/busybox.tar" "$BENCH/layer.tar"
}

# Bundles of one root file system, read only; each slot has one, because its cgroup is named in it.
make_bundles() { # make_bundles RUNTIME
  local slot bundle
  for slot in 0 1 2 3 4 5 6 7; do
    bundle=$BENCH/bundle-$1-$slot
    mkdir -p "$bundle"
    (cd "$bundle" && runc spec)
    sed -i -e 's/"terminal": true/"terminal": false/' -e 's|"sh"|"/bin/true"|' -e "s|\"path\": \"rootfs\"|\"path\": \"$BENCH/rootfs\"|" \
      -e "s|\"linux\": {|\"linux\": {\"cgroupsPath\": \"/felucca-bench/$1-$slot\",|" "$bundle/config.json"
  done
}

make_big_image() {
  say "making an image of 1 GB"
  local part layers=()
  for part in 1 2 3 4; do
    mkdir -p "$BENCH/big/$part/data"
    head -c 256M /dev/urandom >"$BENCH/big/$part/data/$part"
    tar -C "$BENCH/big/$part" -cf "$BENCH/big/$part.tar" data
    layers+=("$BENCH/big/$part.tar")
    rm -r "$BENCH/big/$part"
  done
  "$here/image.sh" big:1 "$BENCH/big/big.tar" "${layers[@]}"
  "$here/daemons.sh" start registry
  local tag
  for tag in "$@"; do
    skopeo copy -q --dest-tls-verify=false "oci-archive:$BENCH/big/big.tar" "docker://$big:$tag"
  done
  rm -r "$BENCH/big"
}

commands=() # what stopwatch takes
names=()
add() { # add NAME COMMAND...
  commands+=(-- "$@")
  names+=("$1")
}

set_up() {
  if [[ $skipped != *" felucca "* ]] && [ -x "$FELUCCA_HOME/bin/felucca" ]; then
    "$here/daemons.sh" start felucca
    felucca import --quiet "$BENCH/busybox.tar" "$image" >/dev/null
    add felucca "$FELUCCA_HOME/bin/felucca" run --rm --network none "$image" /bin/true
  fi
  if [[ $skipped != *" felucca-oci "* ]] && [ -x "$FELUCCA_HOME/bin/felucca-oci" ] && command -v runc >/dev/null; then
    make_bundles felucca-oci
    add felucca-oci "$FELUCCA_HOME/bin/felucca-oci" --root "$BENCH/felucca-oci" run --bundle "$BENCH/bundle-felucca-oci-%s" bench-%n
  fi
  local runtime
  for runtime in crun runc; do
    if have "$runtime" "$runtime" && command -v runc >/dev/null; then
      make_bundles "$runtime"
      add "$runtime" "$runtime" --root "$BENCH/run/$runtime" run --bundle "$BENCH/bundle-$runtime-%s" bench-%n
    fi
  done
  if have ctr ctr; then
    "$here/daemons.sh" start containerd
    "${ctr[@]}" images import "$BENCH/busybox.tar" >/dev/null
    add ctr "${ctr[@]}" run --rm "$image" bench-%n /bin/true
  fi
  if have podman podman; then
    mkdir -p "$BENCH/podman"
    # The defaults raise hard limits, which needs CAP_SYS_RESOURCE.
    printf '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n' >"$CONTAINERS_CONF"
    "${podman[@]}" load -q -i "$BENCH/busybox.tar" >/dev/null
    add podman "${podman[@]}" run --rm --network none "$image" /bin/true
  fi
  [ ${#commands[@]} -gt 0 ] || { say "nothing to measure"; exit 1; }
}

one() { # one NAME: that command alone, for stopwatch
  local word on=
  for word in "${commands[@]}"; do
    if [ "$on" = name ]; then on=$([ "$word" = "$1" ] && echo yes || echo no); fi
    [ "$word" != -- ] || on=name
    [ "$on" != yes ] || printf '%s\n' "$word"
  done
}

# --- rows -------------------------------------------------------------------------------------------------------------------------

has() { [[ " ${names[*]} " == *" $1 "* ]]; }

row_first() { # the first container after the daemon said it is ready
  local name daemon argv
  for name in felucca ctr; do
    has "$name" || continue
    daemon=${name/ctr/containerd}
    mapfile -t argv < <(one "$name")
    stopwatch -r first-after-start -n 10 -j "$json" -b "$here/daemons.sh restart $daemon" -- "${argv[@]}"
  done
}

row_pull() { # runs while an image of 1 GB is being pulled by the same engine
  if ! command -v docker-registry >/dev/null || ! command -v skopeo >/dev/null; then
    say "no docker-registry or skopeo: no pull row"
    return
  fi
  make_big_image 1
  local name argv puller
  for name in felucca ctr podman; do
    has "$name" || continue
    mapfile -t argv < <(one "$name")
    case $name in
      felucca) felucca pull "$big:1" >>"$BENCH/pull.log" 2>&1 & ;;
      ctr) "${ctr[@]}" images pull --plain-http "$big:1" >>"$BENCH/pull.log" 2>&1 & ;;
      podman) "${podman[@]}" pull --tls-verify=false "$big:1" >>"$BENCH/pull.log" 2>&1 & ;;
    esac
    puller=$!
    stopwatch -r during-1GB-pull -u "$puller" -j "$json" -- "${argv[@]}"
    wait "$puller" || { tail -5 "$BENCH/pull.log" >&2; say "the pull failed"; exit 1; }
  done
}

idle_pids() {
  local process argument
  for process in /proc/[0-9]*; do
    argument=$(tr '\0' ' ' 2>/dev/null <"$process/cmdline") || continue
    [ "$argument" != "/bin/sleep $idle_seconds " ] || echo "${process#/proc/}"
  done
}

remove_idle() {
  has felucca && felucca ps --quiet 2>/dev/null | xargs -r "$FELUCCA_HOME/bin/felucca" rm --force >/dev/null 2>&1
  has podman && "${podman[@]}" rm -f -a -t 0 >/dev/null 2>&1
  if has ctr; then
    "${ctr[@]}" tasks list -q 2>/dev/null | while read -r task; do
      "${ctr[@]}" tasks delete --force "$task" >/dev/null 2>&1
      "${ctr[@]}" containers delete "$task" >/dev/null 2>&1
    done
  fi
  return 0
}

row_pss() { # what is resident for each idle container besides its own process: the parents of their first processes
  printf '\n%-22s %-12s %9s\n' row command "PSS (kB)"
  local name i pids parents total pid
  for name in felucca ctr podman; do
    has "$name" || continue
    for ((i = 0; i < idle; i++)); do
      case $name in
        felucca) felucca run -d --network none "$image" /bin/sleep "$idle_seconds" ;;
        ctr) "${ctr[@]}" run -d "$image" "idle-$i" /bin/sleep "$idle_seconds" ;;
        podman) "${podman[@]}" run -d --network none "$image" /bin/sleep "$idle_seconds" ;;
      esac >/dev/null
    done
    pids=$(idle_pids)
    [ "$(echo "$pids" | wc -l)" = "$idle" ] || { say "$name: not $idle idle containers but: $pids"; exit 1; }
    parents=$(for pid in $pids; do sed -n 's/^PPid:\t//p' "/proc/$pid/status"; done | sort -u)
    total=0
    for pid in $parents; do total=$((total + $(awk '/^Pss:/ {print $2}' "/proc/$pid/smaps_rollup"))); done
    printf '%-22s %-12s %9s\n' idle-monitor "$name" "$(awk "BEGIN {printf \"%.0f\", $total / $idle}")"
    printf '{"row":"idle-monitor","name":"%s","pss_kb":%s,"containers":%d}\n' "$name" \
      "$(awk "BEGIN {printf \"%.1f\", $total / $idle}")" "$idle" >>"$json"
    remove_idle
  done
}

describe_machine() {
  printf 'kernel %s, %s CPUs (%s), %s MB; ' "$(uname -r)" "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
    "$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)"
  printf '%s; load %s\n' "$(stat -f -c 'file system %T' "$BENCH")" "$(cut -d' ' -f1-3 /proc/loadavg)"
  local name
  for name in crun runc ctr podman; do
    ! has "$name" || "$name" --version | head -1
  done
  if has felucca; then felucca version --verbose; fi
  echo
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cc -std=gnu11 -O2 -Wall -Wextra -o "$BENCH/stopwatch" "$here/stopwatch.c"
make_image
set_up
describe_machine
printf '%-22s %-12s %9s %9s %9s %8s %7s\n' row command 'min (ms)' median p99 ratio samples
stopwatch -r create-start-wait-rm -w "$warmup" -n "$rounds" -j "$json" "${commands[@]}"
stopwatch -r 100-by-eight -n 100 -p 8 -t 3 -j "$json" "${commands[@]}"
row_first
row_pull
row_pss
[ "$json" = "$BENCH/results.jsonl" ] || say "figures as JSON lines in $json"
