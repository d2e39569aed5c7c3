import { INSTALL_VXLAN, LOAD_BRIDGE_FILTER, LOAD_MODULES, RESTART_DOCKER } from './cures';
import { nodeName, subject, type Rule } from './hint-input';

/**
 * Errors of a node's networks (libnetwork), from engine 17 to 29; the most specific first. An
 * address of an overlay network and a port on the host can both be `already in use`.
 */
export const NETWORK_ERRORS: readonly Rule[] = [
  {
    pattern: /creat\w* (test)?vxlan interface: .*not supported/i,
    help: 'vxlan-missing',
    say: (input) =>
      `The kernel of ${nodeName(input)} has no vxlan module, which every overlay network needs. Load it there: ${LOAD_MODULES}. On Ubuntu 21.10 to 23.10 first ${INSTALL_VXLAN}, then restart the node.`,
  },
  {
    pattern:
      /creat\w* vxlan interface: file exists|vxlan interface creation failed|failed to set link up: address already in use|already present in sandbox|already exists in (network|sandbox)|could not find an appropriate master|network sandbox .*not found/i,
    help: 'vxlan-leftover',
    say: (input) =>
      `An earlier overlay network has left its interface behind. On ${nodeName(input)}: ${RESTART_DOCKER}.`,
  },
  {
    // modprobe's message, and those of libnetwork's ipvs package; not any name with `ipvs` in it.
    pattern:
      /modprobe\b.*\bip_vs\b|\bipvs (family|handle|is not enabled)|\bipvs\b.*(not supported|protocol not available)/i,
    help: 'ipvs-missing',
    say: (input) =>
      `The kernel of ${nodeName(input)} has no ip_vs module, by which the routing mesh balances. Load it there: ${LOAD_MODULES}.`,
  },
  {
    pattern: /br_netfilter|bridge-nf-call-ip6?tables/i,
    help: 'bridge-filter-missing',
    say: (input) =>
      `The kernel of ${nodeName(input)} has no br_netfilter module, which Docker's bridges need. Load it there: ${LOAD_BRIDGE_FILTER}.`,
  },
  {
    pattern:
      /Table does not exist|missing kernel module|do you need to insmod|can't initialize iptables table|Couldn't load (match|target)/i,
    help: 'iptables-module',
    say: (input) =>
      `The kernel of ${nodeName(input)} lacks a module that Docker's firewall rules need. After an upgrade of its kernel the node has to be restarted: \`sudo reboot\`.`,
  },
  {
    pattern: /No chain\/target\/match by that name|Chain '?[\w-]+'? does not exist/i,
    help: 'iptables-chains',
    say: (input) =>
      `Another program has removed Docker's firewall rules on ${nodeName(input)}, such as a firewall that was started again. Docker restores them: ${RESTART_DOCKER}.`,
  },
  {
    pattern: /non-overlapping IPv[46] address pool/i,
    help: 'address-pools-used',
    say: (input) =>
      `${subject(input)} has no address range left for another network. Remove networks that are not used there, or create the network with --subnet: \`docker network ls\`.`,
  },
  {
    pattern:
      /Pool overlaps with other one|has conflicts in the host|conflicts with existing route|networks have (overlapping|same)|conflicts with network/i,
    help: 'network-overlap',
    say: (input) =>
      `The network's address range is already used on ${nodeName(input)}. Create the network again with a free one (--subnet).`,
  },
  {
    pattern:
      /failed to allocate gateway|allocate (network )?IP|(IPAM|starting container failed): Address already in use|^Address already in use|no available IPv[46] addresses/i,
    help: 'overlay-address',
    say: (input) =>
      `Docker on ${nodeName(input)} holds an address of the overlay network that the managers have given to another task. Restart it there: ${RESTART_DOCKER}.`,
  },
  {
    pattern:
      /attaching to network failed|could not attach to network|network attachment.*(deadline|timed? ?out)/i,
    help: 'network-timeout',
    say: (input) =>
      `${subject(input)} got no answer from a manager about the network. Check that 2377/tcp, 7946/tcp and udp, and 4789/udp are open between the nodes.`,
  },
  {
    pattern:
      /No such network(?! interface)|network \S+ not found|network named \S+ could not be found/i,
    help: 'network-missing',
    say: (input) =>
      `${subject(input)} does not have the network. If \`docker network ls\` on the manager lists it, restart Docker on the node: ${RESTART_DOCKER}.`,
  },
  {
    pattern:
      /port is already allocated|(bind|listen)\w*\b.*(address already in use|EADDRINUSE)|bind host port/i,
    help: 'port-taken',
    say: () =>
      'Something else on that node already uses the port. Free it, or publish the service on another one.',
  },
  {
    pattern:
      /docker_gwbridge|external connectivity network|GW Network failed|(sandbox|container networking).*failed|failed to (set up container networking|create endpoint)/i,
    help: 'container-network',
    say: (input) =>
      `Docker on ${nodeName(input)} could not set up the container's network. Restart it there, and if that does not help, the node: ${RESTART_DOCKER}.`,
  },
];
