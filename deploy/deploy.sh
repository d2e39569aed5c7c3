#!/bin/sh
# Deploys deploy/stack.yml after checking its requirements. Prints one sentence and exits with 2 if one
# is missing: `docker stack deploy` itself would succeed, and the tasks would be rejected later.
# `deploy.sh --help` has the usage.
set -eu

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac

usage() {
  cat <<END
usage: deploy.sh [STACK]

Deploys the dashboard and the echo service as STACK (clusterhat by default), on the swarm's manager.
Deployed before: what is not set stays as it is, but for DASHBOARD_IMAGE.

  ECHO_IMAGE        the echo service's image, in a registry that every node reaches (required at first)
  CLUSTERHAT_NODES  the nodes by host name, the controller first
  DASHBOARD_IMAGE   the dashboard's image (the one of this release)
  DASHBOARD_SECRET  the secret that holds the password (the newest clusterhat_password*; without any,
                    the page is read-only)
  DASHBOARD_GUEST_SECRET
                    the secret that holds the guests' password (the newest clusterhat_guest*, if any)
  DASHBOARD_TOKEN_SECRET
                    the secret that holds the token of programs that change things (the newest clusterhat_token*, if any)
  DASHBOARD_READ_TOKEN_SECRET
                    the secret that holds the token of programs that only read (the newest clusterhat_read_token*, if any)
  DASHBOARD_ORIGIN  the public address behind a proxy: https://swarm.home
  DASHBOARD_READ    signed-in: reading needs a password
  DASHBOARD_RECORD  off: the swarm is recorded only while a page is open
  SOCKET_PROXY      1: a proxy holds the engine's socket, and lets the dashboard do what it needs; 0: no proxy
  MAX_REPLICAS, TRUSTED_PROXY, LOG_LEVEL, LOG_FORMAT, DASHBOARD_STATE, DASHBOARD_PORT, DASHBOARD_USER, DOCKER_SOCKET, ECHO_PORT, ECHO_REPLICAS, RESOLVE_IMAGE: see deploy/README.md
END
}

missing() {
  echo "deploy: $*" >&2
  exit 2
}

case ${1:-} in
-h | --help)
  usage
  exit
  ;;
-*) missing "unknown option $1: deploy.sh --help lists what there is." ;;
esac
[ $# -le 1 ] || missing "one argument at most, the stack's name: deploy.sh [STACK]"
stack=${1:-clusterhat}
command -v docker >/dev/null || missing "there is no docker command here: run this on the controller."

manager=$(docker info --format '{{.Swarm.ControlAvailable}}' 2>/dev/null) ||
  missing "no Docker engine answers this user: start it (sudo systemctl start docker), or run this with sudo -E, which keeps the variables."
[ "$manager" = true ] ||
  missing "this engine is not a swarm manager: run this on the controller, after docker swarm init."

# Prints a field of one of the stack's services by a template; nothing without such a service.
deployed() {
  docker service inspect --format "$2" "${stack}_$1" 2>/dev/null || :
}

# Exports a variable that is not set with what is deployed, if anything: stack.yml's default would
# silently replace the value of an earlier deployment.
keep() {
  eval "[ -z \"\${$1:-}\" ]" || return 0
  [ -z "$2" ] || export "$1=$2"
}

port() {
  echo "{{range .Spec.EndpointSpec.Ports}}{{if eq .TargetPort $1}}{{.PublishedPort}}{{end}}{{end}}"
}
container=.Spec.TaskTemplate.ContainerSpec
keep DASHBOARD_PORT "$(deployed dashboard "$(port 3000)")"
keep ECHO_PORT "$(deployed goweb "$(port 8080)")"
keep ECHO_REPLICAS "$(deployed goweb '{{with .Spec.Mode.Replicated}}{{.Replicas}}{{end}}')"
proxied=$(deployed socket-proxy 1)
keep SOCKET_PROXY "$proxied"
case ${SOCKET_PROXY:=0} in
0 | 1) ;;
*) missing "SOCKET_PROXY is 1 or 0, not $SOCKET_PROXY." ;;
esac
# Without the socket the dashboard does not need root.
[ "$SOCKET_PROXY" != "${proxied:-0}" ] || keep DASHBOARD_USER "$(deployed dashboard "{{$container.User}}")"
allowed() {
  deployed socket-proxy "{{range $container.Env}}{{println .}}{{end}}" | sed -n "s/^$1=//p"
}
keep ALLOW_SCALE "$(allowed ALLOW_SCALE)"
keep ALLOW_SERVICES "$(allowed ALLOW_SERVICES)"
keep ALLOW_DRILL "$(allowed ALLOW_DRILL)"
keep ALLOW_NODES "$(allowed ALLOW_NODES)"
keep ALLOW_JOIN "$(allowed ALLOW_JOIN)"
keep ALLOW_LOGS "$(allowed ALLOW_LOGS)"
keep SOCKET_PROXY_IMAGE "$(deployed socket-proxy '{{index .Spec.Labels "com.docker.stack.image"}}')"
holder=dashboard
[ -z "$proxied" ] || holder=socket-proxy
keep DOCKER_SOCKET "$(deployed "$holder" "{{range $container.Mounts}}{{if eq .Target \"/var/run/docker.sock\"}}{{.Source}}{{end}}{{end}}")"
environment=$(deployed dashboard "{{range $container.Env}}{{println .}}{{end}}")
for name in CLUSTERHAT_NODES MAX_REPLICAS DASHBOARD_ORIGIN DASHBOARD_READ DASHBOARD_RECORD DASHBOARD_STATE TRUSTED_PROXY LOG_LEVEL LOG_FORMAT; do
  keep "$name" "$(echo "$environment" | sed -n "s/^$name=//p")"
done

# Two services cannot publish one port; swarm would report it only after deploying the other half.
# shellcheck disable=SC2046 # a word for each service
others=$(docker service inspect --format '{{.Spec.Name}}{{range .Endpoint.Ports}} {{.PublishedPort}}{{end}} ' \
  $(docker service ls -q) 2>/dev/null) || :
free() {
  other=$(echo "$others" | sed -n "/^${stack}_$1 /d; s/^\([^ ]*\) \(.* \)*$2 .*/\1/p" | head -n 1)
  [ -z "$other" ] || missing "port $2 is taken by the service $other: set $3 to another one, or remove it (docker service rm $other)."
  # The port may be in use by this service itself; skipped where that cannot be looked up.
  case $(echo "$others" | sed -n "s/^${stack}_$1 / /p") in *" $2 "*) return ;; esac
  command -v ss >/dev/null || return 0
  [ -z "$(ss -Hltn "sport = :$2" 2>/dev/null)" ] ||
    missing "port $2 of this machine is taken by another program: set $3 to another one, or stop it (sudo ss -ltnp shows which)."
}
free dashboard "${DASHBOARD_PORT:-3000}" DASHBOARD_PORT
free goweb "${ECHO_PORT:-8888}" ECHO_PORT

# Read from stack.yml, to keep the version in one place.
default=$(sed -n 's/^ *image: \${DASHBOARD_IMAGE:-\(.*\)}$/\1/p' "$here/stack.yml")
dashboard=${DASHBOARD_IMAGE:-$default}
docker image inspect "$dashboard" >/dev/null 2>&1 || docker pull -q "$dashboard" >/dev/null 2>&1 ||
  missing "there is no image $dashboard on this controller: build it in the release (docker build -f Dockerfile.dashboard -t $dashboard .) or load it (docker load)."

resolve=${RESOLVE_IMAGE:-always}
if [ -n "${ECHO_IMAGE:-}" ]; then
  # Through the engine, which has mirrors and logins configured. An image without this controller's architecture is
  # there all the same: Zeros can run it.
  if ! problem=$(docker pull -q "$ECHO_IMAGE" 2>&1); then
    last=$(echo "$problem" | tail -n 1)
    case $problem in
    *'no matching manifest'*) ;;
    *'connection refused'* | *'no such host'* | *timeout* | *'deadline exceeded'* | *'no route to host'*)
      missing "the registry of $ECHO_IMAGE does not answer: start it (docker stack deploy -c $here/registry.yml registry, if it is the swarm's own), or leave ECHO_IMAGE out to keep a deployed echo service as it is ($last)."
      ;;
    *) missing "no registry has $ECHO_IMAGE: push it first, as every node has to pull it ($last)." ;;
    esac
  fi
else
  ECHO_IMAGE=$(deployed goweb '{{index .Spec.Labels "com.docker.stack.image"}}')
  [ -n "$ECHO_IMAGE" ] ||
    missing "ECHO_IMAGE is not set: it names the echo service's image in a registry that every node reaches, such as 127.0.0.1:5000/goweb:1.0."
  export ECHO_IMAGE
  # The running image, because its registry may be down by now.
  resolve=${RESOLVE_IMAGE:-changed}
fi

# The secret that the dashboard has at this target, else the newest whose name begins so: their names end
# with the time, in seconds.
secret_for() {
  name=$(deployed dashboard "{{range $container.Secrets}}{{if eq .File.Name \"$1\"}}{{.SecretName}}{{end}}{{end}}")
  [ -n "$name" ] ||
    name=$(docker secret ls --filter "name=$2" --format '{{.Name}}' | LC_ALL=C sort | tail -n 1)
  echo "$name"
}

set -- -c "$here/stack.yml"
# Adds a file to the stack, with the name of its secret in a variable.
with_secret() {
  docker secret inspect "$2" >/dev/null 2>&1 ||
    missing "there is no secret $2: make it with docker secret create $2 -"
  export "$1=$2"
}
secret=${DASHBOARD_SECRET:-$(secret_for password clusterhat_password)}
if [ -n "$secret" ]; then
  with_secret DASHBOARD_SECRET "$secret"
  set -- "$@" -c "$here/stack.password.yml"
elif [ "${DASHBOARD_READ:-}" = signed-in ]; then
  missing "DASHBOARD_READ=signed-in needs a password: docs/install.md, step 9, makes the secret."
else
  echo "deploy: the page will be read-only, as there is no secret clusterhat_password*: docs/install.md, step 9, makes one; then run this again."
fi
token=${DASHBOARD_TOKEN_SECRET:-$(secret_for token clusterhat_token)}
if [ -n "$token" ]; then
  with_secret DASHBOARD_TOKEN_SECRET "$token"
  set -- "$@" -c "$here/stack.token.yml"
fi
read_token=${DASHBOARD_READ_TOKEN_SECRET:-$(secret_for read-token clusterhat_read_token)}
if [ -n "$read_token" ]; then
  with_secret DASHBOARD_READ_TOKEN_SECRET "$read_token"
  set -- "$@" -c "$here/stack.read-token.yml"
fi
guest=${DASHBOARD_GUEST_SECRET:-$(secret_for guest clusterhat_guest)}
if [ -n "$guest" ]; then
  with_secret DASHBOARD_GUEST_SECRET "$guest"
  set -- "$@" -c "$here/stack.guest.yml"
fi

if [ "$SOCKET_PROXY" = 1 ]; then
  default=$(sed -n 's/^ *image: \${SOCKET_PROXY_IMAGE:-\(.*\)}$/\1/p' "$here/stack.socket-proxy.yml")
  proxy=${SOCKET_PROXY_IMAGE:-$default}
  docker image inspect "$proxy" >/dev/null 2>&1 || docker pull -q "$proxy" >/dev/null 2>&1 ||
    missing "there is no image $proxy on this controller, and no registry has it: load it (docker load), or set SOCKET_PROXY_IMAGE."
  set -- "$@" -c "$here/stack.socket-proxy.yml"
  SOCKET_PROXY_CONFIG=$(cksum <"$here/socket-proxy.cfg" | cut -d ' ' -f 1)
  export SOCKET_PROXY_CONFIG
elif [ -n "$proxied" ]; then
  docker service rm "${stack}_socket-proxy" >/dev/null
fi

# A new volume belongs to root, who has no capability in the dashboard's container and owns only its own files. The
# name is the one that docker stack deploy gives the volume.
user=0:0
[ "$SOCKET_PROXY" = 0 ] || user=1000:1000
user=${DASHBOARD_USER:-$user}
owner=$(echo "$user" | sed -n 's/^\([0-9]*\):\([0-9]*\)$/\1, \2/p')
if [ -n "$owner" ]; then
  docker run --rm --network none --user 0:0 --entrypoint node --volume "${stack}_state:/state" "$dashboard" \
    -e "require('node:fs').readdirSync('/state').concat('').forEach((name) => require('node:fs').lchownSync('/state/' + name, $owner))" \
    >/dev/null 2>&1 ||
    echo "deploy: the volume ${stack}_state could not be given to the user $user: the history may be kept in memory only."
fi

exec docker stack deploy --with-registry-auth --resolve-image "$resolve" "$@" "$stack"
