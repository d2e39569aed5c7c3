# Images for every kind of node, from a PC with buildx, in the unpacked release:
#
#   REGISTRY=myname/ docker buildx bake -f deploy/docker-bake.hcl --push         both, to a registry
#   docker buildx bake -f deploy/docker-bake.hcl --load carry                    both, to carry over
#
# Nothing is emulated: the dashboard is JavaScript that is only copied, and the echo service is
# cross-compiled on the builder's own platform.

variable "REGISTRY" {
  default = ""
}

variable "VERSION" {
  default = "0.2.0"
}

variable "ECHO_TAG" {
  default = "1.0"
}

# Where the dashboard comes from: "release" copies what the release holds; "" builds it in a clone.
variable "DASHBOARD_TARGET" {
  default = "release"
}

# The controller's own: linux/arm64 where its system is a 64-bit one.
variable "CONTROLLER_PLATFORM" {
  default = "linux/arm/v7"
}

group "default" {
  targets = ["echo", "dashboard"]
}

# What one controller with a 32-bit system and its Zeros need, for docker save and docker load: an engine
# without the containerd image store holds one platform of an image.
group "carry" {
  targets = ["controller", "zeros"]
}

target "echo" {
  context    = "."
  dockerfile = "Dockerfile.echo.arm"
  # The Dockerfile's default runs on ARM only; this one is published for every builder.
  args = { GO_IMAGE = "golang:alpine" }
  # Zeros, Zero 2 W and 32-bit controllers, 64-bit ones, and a PC that joins the swarm: all in one
  # manifest, so that swarm keeps the image off no node.
  platforms = ["linux/arm/v6", "linux/arm/v7", "linux/arm64", "linux/amd64"]
  tags      = ["${REGISTRY}goweb:${ECHO_TAG}"]
}

target "zeros" {
  inherits  = ["echo"]
  platforms = ["linux/arm/v6"]
}

target "dashboard" {
  context    = "."
  dockerfile = "Dockerfile.dashboard"
  target     = DASHBOARD_TARGET
  # No linux/arm/v6: Node.js publishes none, and the dashboard belongs on the controller.
  platforms = ["linux/arm/v7", "linux/arm64", "linux/amd64"]
  tags      = ["${REGISTRY}clusterhat-dashboard:${VERSION}"]
}

target "controller" {
  inherits  = ["dashboard"]
  platforms = [CONTROLLER_PLATFORM]
  tags      = ["clusterhat-dashboard:${VERSION}"]
}
