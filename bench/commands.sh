#!/bin/bash
# commands.sh [-n ROUNDS] [-w WARMUP] [-j FILE] [-x NAME]...: what each command of a container's life costs, and how many system
# calls it takes: create, start, exec, kill, delete. See README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

rounds=100
warmup=100
json=
skipped=' '
while getopts 'n:w:j:x:' option; do
  case $option in
    n) rounds=$OPTARG ;;
    w) warmup=$OPTARG ;;
    j) json=$(readlink -f "$OPTARG") ;;
    x) skipped="$skipped$OPTARG " ;;
    *) echo "usage: commands.sh [-n ROUNDS] [-w WARMUP] [-j FILE] [-x NAME]..." >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "commands.sh: containers need root" >&2; exit 1; }
command -v runc >/dev/null || { echo "commands.sh: runc writes the bundle; install it" >&2; exit 1; }
# Mounts are made in a namespace of its own: whatever happens, none is left.
if [ -z "${FELUCCA_BENCH_PRIVATE:-}" ]; then
  FELUCCA_BENCH_PRIVATE=1 exec unshare --mount --propagation private "$0" "$@"
fi

BENCH=$(mktemp -d /var/tmp/felucca-bench.XXXXXX)
mkdir "$BENCH/run"
mount -t tmpfs -o mode=711 felucca-bench "$BENCH/run"
export BENCH FELUCCA_HOME=${FELUCCA_HOME:-$here/../distribution/target/felucca}
export FELUCCA_ADDRESS=unix://$BENCH/felucca.sock FELUCCA_COMPILER=$BENCH/none
: "${json:=$BENCH/results.jsonl}"
image=localhost/bench/busybox:latest

say() { echo "commands.sh: $*" >&2; }
wanted() { [[ $skipped != *" $1 "* ]] && command -v "$2" >/dev/null; }

clean_up() {
  local status=$? name
  trap - EXIT
  set +e
  for name in "${names[@]}"; do remove_all "$name"; done
  "$here/daemons.sh" stop felucca || status=1
  umount "$BENCH/run"
  if [ "$status" -ne 0 ] && compgen -G "$BENCH/*.log" >/dev/null; then
    mkdir -p "$BENCH.logs" && cp "$BENCH"/*.log "$BENCH.logs/" && say "failed; logs are kept in $BENCH.logs"
  fi
  rm -rf --one-file-system "$BENCH"
  exit "$status"
}

remove_all() { # remove_all NAME: whatever a run that failed has left
  local id
  if [ "$1" = felucca ]; then
    "$FELUCCA_HOME/bin/felucca" ps --all --quiet 2>/dev/null | xargs -r "$FELUCCA_HOME/bin/felucca" rm --force >/dev/null 2>&1
    return
  fi
  mapfile -t runtime < <(runtime_of "$1")
  for id in $("${runtime[@]}" list -q 2>/dev/null); do "${runtime[@]}" delete --force "$id" >/dev/null 2>&1; done
}

runtime_of() { # runtime_of NAME: its command line, a word a line
  case $1 in
    felucca-oci) printf '%s\n' "$FELUCCA_HOME/bin/felucca-oci" --root "$BENCH/run/felucca-oci" ;;
    *) printf '%s\n' "$1" --root "$BENCH/run/$1" ;;
  esac
}

# As in start.sh: crun 1.8 takes a host with cgroup v1 and an empty v2 tree beside it for a v2 one.
hiding_unified() {
  if mountpoint -q /sys/fs/cgroup/unified; then
    # shellcheck disable=SC2016  # the inner shell expands
    unshare --mount --propagation private bash -c 'umount /sys/fs/cgroup/unified && exec "$@"' bash "$@"
  else
    "$@"
  fi
}

make_bundle() {
  local root=$BENCH/rootfs applet
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp} "$BENCH/bundle"
  install -m 755 "$(command -v busybox)" "$root/bin/busybox"
  for applet in sh true sleep; do ln -s busybox "$root/bin/$applet"; done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  (cd "$BENCH/bundle" && runc spec)
  sed -i -e 's/"terminal": true/"terminal": false/' -e 's|"sh"|"/bin/sleep", "1000"|' \
    -e "s|\"path\": \"rootfs\"|\"path\": \"$root\"|" "$BENCH/bundle/config.json"
}

step() { # step STEP NAME ID: its command line, a word a line; the id of the container's process is in $BENCH/ID.pid
  local words
  if [ "$2" = felucca ]; then
    local felucca=$FELUCCA_HOME/bin/felucca
    case $1 in
      create) words=("$felucca" create --name "$3" --network none "$image" /bin/sleep 1000) ;;
      start) words=("$felucca" start "$3") ;;
      exec) words=("$felucca" exec "$3" /bin/true) ;;
      kill) words=("$felucca" kill --signal KILL "$3") ;;
      await) words=("$felucca" wait "$3") ;;
      delete) words=("$felucca" rm "$3") ;;
    esac
  else
    mapfile -t words < <(runtime_of "$2")
    case $1 in
      create) words+=(create --bundle "$BENCH/bundle" --pid-file "$BENCH/$3.pid" "$3") ;;
      start) words+=(start "$3") ;;
      exec) words+=(exec "$3" /bin/true) ;;
      kill) words+=(kill "$3" KILL) ;;
      await) words=(@await "$BENCH/$3.pid") ;;
      delete) words+=(delete "$3") ;;
    esac
  fi
  printf '%s\n' "${words[@]}"
}

# The steps of everybody, one after another; between kill and delete the container's end is awaited.
lives() { # lives PREFIX: sets 'commands'
  local name one words
  commands=() # what stopwatch takes
  for one in create start exec kill await delete; do
    for name in "${names[@]}"; do
      mapfile -t words < <(step "$one" "$name" "bench-$name-%r-%i")
      if [ "$one" = await ] && [ "$name" = felucca ]; then
        commands+=(-- "(await):$name" "${words[@]}")
      else
        commands+=(-- "$1$one:$name" "${words[@]}")
      fi
    done
  done
}

calls_of() { # calls_of FILE: the sum of 'strace -c', whose errors column may be empty
  awk '$NF == "total" {print $4}' "$1"
}

# traced FILE PIDFILE COMMAND...: counts until the command has ended; the container that a create with this PIDFILE leaves is let go.
traced() {
  local file=$1 left=$2 tracer
  shift 2
  strace -I2 -qq -f -c -o "$file" "$@" >/dev/null </dev/null 2>>"$BENCH/calls.log" &
  tracer=$!
  if [ -n "$left" ]; then
    until [ -s "$left" ]; do sleep 0.01; done
    # the container's process is the child of whoever reaps orphans from the command's end on
    while [ -n "$(cat "/proc/$tracer/task/$tracer/children")" ]; do sleep 0.01; done
    kill -TERM "$tracer"
  fi
  wait "$tracer" || [ -n "$left" ]
}
export -f traced

# Ten containers each; of the daemon also what it, spawn and the monitors do meanwhile.
row_calls() {
  local name one id words total meanwhile tracer pids left
  printf '\n%-22s %-12s %9s %9s\n' 'system calls' command itself daemon
  for name in "${names[@]}"; do
    for one in create start exec kill await delete; do
      total=0
      meanwhile=-
      if [ "$name" = felucca ]; then
        mapfile -t pids < <(tree_of "$(cat "$BENCH/felucca.pid")")
        # shellcheck disable=SC2046  # words
        strace -qq -f -c -o "$BENCH/daemon.calls" $(printf -- '-p %s ' "${pids[@]}") 2>>"$BENCH/calls.log" &
        tracer=$!
        await_tracer "${pids[@]}"
      fi
      for id in 0 1 2 3 4 5 6 7 8 9; do
        mapfile -t words < <(step "$one" "$name" "calls-$name-$id")
        if [ "${words[0]}" = @await ]; then
          timeout 30 tail --pid="$(cat "${words[1]}")" -s 0.05 -f /dev/null
          continue
        fi
        left=
        if [ "$one" = create ] && [ "$name" != felucca ]; then left=$BENCH/calls-$name-$id.pid; fi
        # shellcheck disable=SC2016  # the inner shell expands
        hiding_unified timeout 60 bash -c 'traced "$@"' traced "$BENCH/calls" "$left" "${words[@]}"
        total=$((total + $(calls_of "$BENCH/calls")))
      done
      if [ "$name" = felucca ]; then
        kill -INT "$tracer"
        wait "$tracer" || true
        meanwhile=$(($(calls_of "$BENCH/daemon.calls") / 10))
      fi
      [ "$one" != await ] || continue
      printf '%-22s %-12s %9s %9s\n' "$one" "$name" $((total / 10)) "$meanwhile"
      printf '{"row":"calls-%s","name":"%s","calls":%d,"daemon":"%s"}\n' "$one" "$name" $((total / 10)) "$meanwhile" >>"$json"
    done
  done
}

tree_of() { # tree_of PID: it and all below it, but for what runs in containers
  local child
  [[ $(readlink "/proc/$1/exe") != */bin/busybox ]] || return 0
  echo "$1"
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do tree_of "$child"; done
}

await_tracer() { # until every thread is traced
  local pid task
  for pid; do
    for task in /proc/"$pid"/task/*/status; do
      while grep -q '^TracerPid:	0$' "$task" 2>/dev/null; do sleep 0.01; done
    done
  done
}

names=()
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cc -std=gnu11 -O2 -Wall -Wextra -o "$BENCH/stopwatch" "$here/stopwatch.c"
make_bundle
for name in felucca-oci crun runc; do
  ! wanted "$name" "$([ "$name" = felucca-oci ] && echo "$FELUCCA_HOME/bin/felucca-oci" || echo "$name")" || names+=("$name")
done
if wanted felucca "$FELUCCA_HOME/bin/felucca"; then
  tar -C "$BENCH/rootfs" --owner=0 --group=0 --numeric-owner -cf "$BENCH/layer.tar" .
  "$here/image.sh" "$image" "$BENCH/busybox.tar" "$BENCH/layer.tar"
  "$here/daemons.sh" start felucca
  "$FELUCCA_HOME/bin/felucca" import --quiet "$BENCH/busybox.tar" "$image" >/dev/null
  names+=(felucca)
fi
[ ${#names[@]} -gt 0 ] || { say "nothing to measure"; exit 1; }
printf 'kernel %s, %s CPUs, load %s\n\n' "$(uname -r)" "$(nproc)" "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-22s %-12s %9s %9s %9s %8s %7s\n' row command 'min (ms)' median p99 ratio samples
lives ''
hiding_unified "$BENCH/stopwatch" -w "$warmup" -n "$rounds" -j "$json" "${commands[@]}"
lives 100-by-eight-
hiding_unified "$BENCH/stopwatch" -n 100 -p 8 -t 3 -j "$json" "${commands[@]}"
if command -v strace >/dev/null; then row_calls; else say "no strace: system calls are not counted"; fi
[ "$json" = "$BENCH/results.jsonl" ] || say "figures as JSON lines in $json"
