# lane.sh: sourced by the test lanes itests/*/run. A lane calls 'check NAME FUNCTION' for each test; the function fails by 'fail' or by a
# command that fails. One line "ok NAME" or "not ok NAME" comes out for each, and what a failed test printed. Needs bash.

set -uo pipefail

lane_failed=0

# check NAME FUNCTION [ARG...]: runs a test in a subshell with a directory of its own, $work, and what it started ended afterwards.
check() {
  local name=$1 output status
  shift
  output=$(mktemp)
  # Not as the condition of an 'if': bash would not stop at the first command that fails.
  (
    work=$(mktemp -d "${TMPDIR:-/var/tmp}/lane.XXXXXX")
    trap 'end_daemons; rm -rf --one-file-system "$work"' EXIT
    set -e
    "$@"
  ) >"$output" 2>&1
  status=$?
  if [ "$status" -eq 0 ]; then
    echo "ok $name"
  else
    echo "not ok $name"
    sed 's/^/    /' "$output"
    lane_failed=1
  fi
  rm -f "$output"
}

fail() {
  echo "failed: $*"
  exit 1
}

expect_status() { # expect_status STATUS COMMAND...: leaves both outputs in $said
  local wanted=$1 status=0
  shift
  said=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$wanted" ] || fail "status $status instead of $wanted: $* said: $said"
}

expect_said() { # expect_said TEXT: the last expect_status' command has said it
  [[ $said == *"$1"* ]] || fail "'$1' is not in: $said"
}

# --- daemons of a test: each has a root and a state below $work; the first words of the log say what it is

daemons=()

start_daemon() { # start_daemon NAME [OPTION...]: sets 'daemon', the pid of supervise, and FELUCCA_ADDRESS
  local name=$1
  shift
  export FELUCCA_ADDRESS=unix://$work/$name/state/felucca.sock
  mkdir -p "$work/$name"
  "$dist/bin/felucca-daemon" --root "$work/$name/root" --state "$work/$name/state" --config "$dist/etc" \
    --address "$FELUCCA_ADDRESS" "$@" >>"$work/$name/log" 2>&1 &
  daemon=$!
  daemons+=("$daemon")
}

await_ready() { # await_ready NAME
  local tries
  for ((tries = 0; tries < 1200; tries++)); do
    "$dist/bin/felucca" version >/dev/null 2>&1 && return
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.05
  done
  cat "$work/$1/log"
  fail "daemon $1 is not ready"
}

stop_daemon() { # stop_daemon NAME: expects a clean stop
  local status=0
  kill -TERM "$daemon"
  wait "$daemon" || status=$?
  [ "$status" -eq 0 ] || { cat "$work/$1/log"; fail "daemon $1 stopped with status $status"; }
}

end_daemons() {
  local pid
  for pid in "${daemons[@]:-}"; do
    [ -z "$pid" ] || ! kill -TERM "$pid" 2>/dev/null || wait "$pid" || true
  done
}

finish() {
  exit "$lane_failed"
}
