#!/bin/sh
# Deploys deploy/stack.yml after checking that everything it needs is there. What is missing is said in
# one sentence, exit 2: `docker stack deploy` itself would succeed, and the tasks be rejected later.
#
#   ECHO_IMAGE=127.0.0.1:5000/goweb:1.0 deploy/deploy.sh [STACK]
#
# STACK is clusterhat by default. Reads the variables of stack.yml (deploy/README.md lists them), and
#   DASHBOARD_SECRET  the name of the password's secret: by default the one that the running dashboard
#                     uses, else clusterhat_password where it exists
#   RESOLVE_IMAGE     never: swarm does not compare the images' platforms with the nodes'
set -eu

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
stack=${1:-clusterhat}

missing() {
  echo "deploy: $*" >&2
  exit 2
}

[ $# -le 1 ] || missing "one argument at most, the stack's name: deploy/deploy.sh [STACK]"
command -v docker >/dev/null || missing "there is no docker command here: run this on the controller."

manager=$(docker info --format '{{.Swarm.ControlAvailable}}' 2>/dev/null) ||
  missing "no Docker engine answers this user: start it (sudo systemctl start docker), or run this with sudo."
[ "$manager" = true ] ||
  missing "this engine is not a swarm manager: run this on the controller, after docker swarm init."

# stack.yml says which dashboard it wants; asking it keeps the version in one place.
default=$(sed -n 's/^ *image: \${DASHBOARD_IMAGE:-\(.*\)}$/\1/p' "$here/stack.yml")
dashboard=${DASHBOARD_IMAGE:-$default}
docker image inspect "$dashboard" >/dev/null 2>&1 || docker pull -q "$dashboard" >/dev/null 2>&1 ||
  missing "there is no image $dashboard on this controller: build it from the release (docker build --target release -f Dockerfile.dashboard -t $dashboard .) or load it (docker load)."

[ -n "${ECHO_IMAGE:-}" ] ||
  missing "ECHO_IMAGE is not set: it names the echo service's image in a registry that every node reaches, such as 127.0.0.1:5000/goweb:1.0."
# Through the engine, which knows mirrors and logins. An image without this controller's architecture is
# there all the same: Zeros can run it.
if ! problem=$(docker pull -q "$ECHO_IMAGE" 2>&1); then
  case $problem in
  *'no matching manifest'*) ;;
  *) missing "no registry gives $ECHO_IMAGE: push it first, as every node has to pull it ($(echo "$problem" | tail -n 1))." ;;
  esac
fi

secret=${DASHBOARD_SECRET:-}
if [ -z "$secret" ]; then
  uses='{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{if eq .File.Name "password"}}{{.SecretName}}{{end}}{{end}}'
  secret=$(docker service inspect --format "$uses" "${stack}_dashboard" 2>/dev/null) || secret=
  secret=${secret:-clusterhat_password}
fi
set -- -c "$here/stack.yml"
if docker secret inspect "$secret" >/dev/null 2>&1; then
  set -- "$@" -c "$here/stack.password.yml"
elif [ -n "${DASHBOARD_SECRET:-}" ]; then
  missing "there is no secret $secret: make it with docker secret create $secret -"
else
  echo "deploy: the page will be read-only, as there is no secret $secret."
fi

export DASHBOARD_SECRET="$secret"
exec docker stack deploy --with-registry-auth --resolve-image "${RESOLVE_IMAGE:-always}" "$@" "$stack"
