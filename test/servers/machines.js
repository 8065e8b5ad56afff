// "Machines" of a test's own: network namespaces of Linux, each reached over a cable (a veth pair) from this one. Needs root.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Addresses of 198.18.0.0/15, which RFC 2544 sets apart for tests of networks. */
const NETWORK = "198.18";
let created = 0;

export const mayMakeMachines = canMakeMachine();

function canMakeMachine() {
  try {
    startMachine().stop();
    return true;
  } catch {
    return false;
  }
}

/** `hostAddress` is this machine's end of the cable. */
export function startMachine() {
  const name = `ss${process.pid}n${created++}`;
  const subnet = `${NETWORK}.${(process.pid + created) % 256}`;
  const hostAddress = `${subnet}.1`;
  const [near, far] = [`${name}a`, `${name}b`];
  const stop = () => {
    if (existsSync(`/sys/class/net/${near}`)) ip("link", "del", near);
    if (existsSync(`/run/netns/${name}`)) ip("netns", "del", name);
  };
  try {
    ip("netns", "add", name);
    ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
    ip("addr", "add", `${hostAddress}/24`, "dev", near);
    ip("link", "set", near, "up");
    ip("-n", name, "addr", "add", `${subnet}.2/24`, "dev", far);
    ip("-n", name, "link", "set", far, "up");
  } catch (error) {
    stop();
    throw error;
  }
  return {
    hostAddress,
    /** The words that run a command there, where the folder `hidden` is another, empty one. */
    commandPrefix: (hidden) => [
      ...["ip", "netns", "exec", name],
      ...["sh", "-c", 'mount -t tmpfs tmpfs "$0" && exec "$@"', hidden],
    ],
    cutCable: () => ip("link", "set", near, "down"),
    stop,
  };
}

function ip(...words) {
  execFileSync("ip", words, { stdio: "pipe" });
}
