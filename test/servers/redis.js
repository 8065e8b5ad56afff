// A real Redis server of a test's own, on a free port, in a folder of its own, as whoever runs the test.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export const isRedisInstalled = spawnSync("redis-server", ["--version"]).status === 0;

/**
 * `appendOnly`: keeps what it has through a kill. `certificate`: files of a certificate and its key; TLS only. `addresses`: of
 * this machine, to be reached by besides 127.0.0.1.
 */
export async function startRedis({ appendOnly = false, password, certificate, addresses = [] } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "servesweep-redis-"));
  const port = await freePort();
  const isEncrypted = certificate !== undefined;
  const options = [
    isEncrypted ? "--tls-port" : "--port",
    port,
    "--bind",
    "127.0.0.1",
    ...addresses,
    "--dir",
    directory,
    "--save",
    "",
    "--loglevel",
    "warning",
  ];
  if (appendOnly) options.push("--appendonly", "yes", "--appendfsync", "always");
  if (isEncrypted) {
    options.push("--port", 0, "--tls-cert-file", certificate.cert, "--tls-key-file", certificate.key);
    options.push("--tls-ca-cert-file", certificate.cert, "--tls-auth-clients", "no");
  }
  // There is no password, and only the test's own network leads here.
  if (addresses.length > 0) options.push("--protected-mode", "no");
  if (password !== undefined) options.push("--requirepass", password);
  let child;
  const server = {
    url: `${isEncrypted ? "rediss" : "redis"}://${isEncrypted ? "localhost" : "127.0.0.1"}:${port}`,
    async start() {
      child = spawn("redis-server", options.map(String), { stdio: "ignore" });
      while (!(await isListening(port))) {
        if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
        await wait(20);
      }
    },
    /** At once, as by a crash; what is not in its files is lost. */
    async kill() {
      await ended(child, "SIGKILL");
    },
    async stop() {
      await ended(child, "SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on("exit", resolve);
    child.kill(signal);
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("close", () => socket.destroy());
    socket.on("connect", () => socket.end());
  });
}
