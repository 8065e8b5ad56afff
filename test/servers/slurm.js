// A real Slurm cluster of one node for a test: munge, controller and node daemon as whoever runs the test, in a folder of its own.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const PATH = `${process.env.PATH}:/usr/sbin`;
const isThere = (name) => spawnSync(name, ["--version"], { env: { PATH } }).error === undefined;
export const isSlurmInstalled = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel"].every(isThere);

const START_SECONDS = 60;

export async function startSlurm() {
  const directory = mkdtempSync(join(tmpdir(), "servesweep-slurm-"));
  // munged wants a socket that all may reach, and a key and a log that nobody else may.
  chmodSync(directory, 0o755);
  for (const name of ["private", "state", "spool"]) mkdirSync(join(directory, name), { mode: 0o700 });
  const key = join(directory, "private/munge.key");
  writeFileSync(key, randomBytes(128), { mode: 0o600 });
  const socket = join(directory, "munge.socket");
  const [controllerPort, nodePort] = [await freePort(), await freePort()];
  const configuration = join(directory, "slurm.conf");
  writeFileSync(configuration, slurmConf({ directory, socket, controllerPort, nodePort }));
  const environment = { ...process.env, PATH, SLURM_CONF: configuration };
  const children = [];
  const daemon = (name, ...words) => {
    const child = spawn(name, words, { env: environment, stdio: "ignore" });
    children.push(child);
  };
  const query = (name, ...words) => execFileSync(name, words, { env: environment, encoding: "utf8", stdio: "pipe" });
  const files = ["munge.log", "munge.pid", "munge.seed"].map((name) => join(directory, "private", name));
  const server = {
    /** For commands that are to see this cluster. */
    environment: { SLURM_CONF: configuration, PATH },
    query,
    async stop() {
      try {
        query("scancel", "--state=RUNNING", "--signal=KILL", "--full", `--user=${userInfo().username}`);
        query("scancel", `--user=${userInfo().username}`);
      } catch {
        // Nothing runs, or nobody answers.
      }
      for (const child of children.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        await new Promise((resolve) => {
          child.on("exit", resolve);
          child.kill("SIGKILL");
        });
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
  daemon(
    "munged",
    "--foreground",
    "--force",
    `--key-file=${key}`,
    `--socket=${socket}`,
    "--num-threads=2",
    ...[`--log-file=${files[0]}`, `--pid-file=${files[1]}`, `--seed-file=${files[2]}`],
  );
  await untilTrue(() => succeeds(() => query("munge", "--no-input", `--socket=${socket}`)));
  daemon("slurmctld", "-D", "-i", "-c");
  daemon("slurmd", "-D", "-c", "-N", hostname().split(".")[0]);
  try {
    await untilTrue(() => succeeds(() => query("sinfo", "--noheader", "--format=%t").startsWith("idle") || fail()));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function slurmConf({ directory, socket, controllerPort, nodePort }) {
  const host = hostname().split(".")[0];
  const user = userInfo().username;
  return `ClusterName=servesweep
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
StateSaveLocation=${directory}/state
SlurmdSpoolDir=${directory}/spool
SlurmctldPidFile=${directory}/slurmctld.pid
SlurmdPidFile=${directory}/slurmd.pid
SlurmctldLogFile=${directory}/slurmctld.log
SlurmdLogFile=${directory}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
KillWait=1
NodeName=${host} NodeAddr=127.0.0.1 Port=${nodePort} CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

async function untilTrue(condition) {
  for (const deadline = performance.now() + 1000 * START_SECONDS; !condition(); await wait(100)) {
    if (performance.now() > deadline) throw new Error("Slurm does not come up");
  }
}

function succeeds(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function fail() {
  throw new Error("not yet");
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
