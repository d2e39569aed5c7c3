import { shell } from '../shell';

/**
 * The commands that hints and the troubleshooting table share, so that both have the same one.
 * Text between backticks is code.
 */

/**
 * Makes a builder for several platforms: the default one refuses (`Multi-platform build is not
 * supported for the docker driver`). On the host's network, as a builder is a container and could
 * not push to a registry at 127.0.0.1 otherwise.
 */
const CREATE_BUILDER = '`docker buildx create --use --driver-opt network=host`';

/** More platforms than a sentence names; the command has a placeholder then, as for the image. */
const MOST_PLATFORMS = 6;

/** The command that builds an image for these platforms and pushes it. */
export function buildCommand(platforms: readonly string[]): string {
  if (platforms.length === 1) {
    return `\`${shell`docker build --platform ${platforms} -t NAME . && docker push NAME`}\``;
  }
  const all = platforms.length > MOST_PLATFORMS ? 'PLATFORMS' : platforms.join(',');
  return `once ${CREATE_BUILDER}, then \`${shell`docker buildx build --platform ${all} -t NAME --push .`}\``;
}

/** Loads what overlay networks and the routing mesh need. */
export const LOAD_MODULES = '`sudo modprobe -a vxlan ip_vs`';

/** For Ubuntu 21.10 to 23.10, where vxlan is in a separate package. */
export const INSTALL_VXLAN = '`sudo apt install linux-modules-extra-raspi`';

/** Kernel options that switch memory accounting on. */
export const MEMORY_ACCOUNTING = '`cgroup_enable=memory cgroup_memory=1`';

/** Loads what Docker's own bridges need. */
export const LOAD_BRIDGE_FILTER = '`sudo modprobe br_netfilter`';

/** Ends the engine and starts it again, with the node's tasks. */
export const RESTART_DOCKER = '`sudo systemctl restart docker`';

/**
 * The way back of an only manager whose certificate has expired, in this order (measured on 20.10.24): its services,
 * secrets, configs and networks were all there, and so were its nodes. Without the first two steps the third one is
 * refused: `docker swarm init --force-new-cluster` needs a manager that runs.
 */
export const COPY_SWARM_STATE =
  '`sudo systemctl stop docker.socket docker && sudo cp -a /var/lib/docker/swarm /var/lib/docker/swarm-copy`';
export const FORGET_SWARM =
  '`sudo mv /var/lib/docker/swarm/docker-state.json /var/lib/docker/ && sudo systemctl start docker`';
export const RESTORE_SWARM = '`docker swarm init --force-new-cluster --advertise-addr ADDRESS`';
