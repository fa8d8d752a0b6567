#!/bin/bash
# daemons.sh start|stop|restart NAME: the daemons of the benchmark, private to $BENCH: felucca, containerd, registry.
# 'start' returns when the daemon answers; its process id is in $BENCH/NAME.pid, its output in $BENCH/NAME.log.
set -euo pipefail
: "${BENCH:?the directory of the benchmark}"
action=$1
name=$2

launch() { # launch COMMAND...: in a session of its own, so that Ctrl-C ends the benchmark, which then stops it
  setsid "$@" >>"$BENCH/$name.log" 2>&1 </dev/null &
  echo $! >"$BENCH/$name.pid"
}

await() { # await COMMAND...: until it succeeds
  local deadline=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$(cat "$BENCH/$name.pid")" 2>/dev/null; then
      tail -20 "$BENCH/$name.log" >&2
      echo "daemons.sh: $name did not start" >&2
      exit 1
    fi
    sleep 0.05
  done
}

start_felucca() {
  mkdir -p "$BENCH/felucca"
  launch "$FELUCCA_HOME/bin/felucca-daemon" --root "$BENCH/felucca/root" --state "$BENCH/run/felucca" \
    --config "$FELUCCA_HOME/etc" --address "$FELUCCA_ADDRESS"
  await "$FELUCCA_HOME/bin/felucca" ps --quiet
}

start_containerd() {
  mkdir -p "$BENCH/containerd"
  # Without its CRI part, which nothing here uses and which needs CNI. Scores stay: lowering one needs CAP_SYS_RESOURCE.
  cat >"$BENCH/containerd/config.toml" <<TOML
version = 2
root = "$BENCH/containerd/root"
state = "$BENCH/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "$BENCH/containerd/containerd.sock"
[ttrpc]
  address = "$BENCH/containerd/containerd.sock.ttrpc"
TOML
  launch containerd --config "$BENCH/containerd/config.toml"
  await ctr --address "$BENCH/containerd/containerd.sock" version
}

start_registry() {
  mkdir -p "$BENCH/registry"
  cat >"$BENCH/registry/config.yml" <<YML
version: 0.1
log:
  level: error
storage:
  filesystem:
    rootdirectory: $BENCH/registry/data
http:
  addr: 127.0.0.1:$REGISTRY_PORT
YML
  launch docker-registry serve "$BENCH/registry/config.yml"
  await bash -c "exec 3<>/dev/tcp/127.0.0.1/$REGISTRY_PORT"
}

stop() {
  local pid
  [ -e "$BENCH/$name.pid" ] || return 0
  pid=$(cat "$BENCH/$name.pid")
  rm -f "$BENCH/$name.pid"
  if kill -TERM "$pid" 2>/dev/null; then
    timeout 60 tail --pid="$pid" -f /dev/null || { echo "daemons.sh: $name ($pid) does not stop" >&2; exit 1; }
  fi
}

case $action in
  start) "start_$name" ;;
  stop) stop ;;
  restart) stop && "start_$name" ;;
  *) echo "daemons.sh: unknown action '$action'" >&2; exit 2 ;;
esac
