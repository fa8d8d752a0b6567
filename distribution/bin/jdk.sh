# The JDKs of this machine, for the scripts that start a JVM; read by them, with sh.

release_of() { # release_of JAVA_HOME: sets 'feature' and 'version' from its release file, or to 0
  feature=0
  version=0
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      version=${value#\"}
      version=${version%\"}
      feature=${version%%[!0-9]*}
      feature=${feature:-0}
      return 0
    fi
  done <"$1/release"
}

newest_jdk() { # sets 'java_home', 'best' (its feature release) and 'best_version' to those of the newest one; 'best' is 0 without
  java_home=
  best=0
  best_version=0
  for candidate in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/* /opt/java/* /opt/jdk*; do
    release_of "$candidate"
    if [ "$feature" -gt "$best" ]; then
      java_home=$candidate
      best=$feature
      best_version=$version
    fi
  done
}
