# Images for every kind of node, from any machine with buildx:
#
#   docker buildx bake -f deploy/docker-bake.hcl --push            both
#   docker buildx bake -f deploy/docker-bake.hcl echo --push       one
#   REGISTRY=myname/ TAG=1.1 docker buildx bake -f deploy/docker-bake.hcl --push
#
# Nothing is emulated: both Dockerfiles build on the builder's own platform.

variable "REGISTRY" {
  default = "carmeloc/"
}

variable "TAG" {
  default = "1.0"
}

group "default" {
  targets = ["echo", "dashboard"]
}

target "echo" {
  context    = "."
  dockerfile = "Dockerfile.echo.arm"
  # The Dockerfile's default runs on ARM only; this one is published for every builder.
  args = { GO_IMAGE = "golang:alpine" }
  # Zeros, Zero 2 W and 32-bit controllers, 64-bit ones, and a PC that joins the swarm.
  platforms = ["linux/arm/v6", "linux/arm/v7", "linux/arm64", "linux/amd64"]
  tags      = ["${REGISTRY}goweb:${TAG}"]
}

target "dashboard" {
  context    = "."
  dockerfile = "Dockerfile.dashboard"
  # No linux/arm/v6: Node.js publishes none, and the dashboard belongs on the controller.
  platforms = ["linux/arm/v7", "linux/arm64", "linux/amd64"]
  tags      = ["${REGISTRY}clusterhat-dashboard:${TAG}"]
}
