/** Connections to Redis, and the optional packages that make them. */
import { isIP } from "node:net";
import type * as BullMq from "bullmq";
import type { Redis } from "ioredis";
import { SweepError } from "../../../errors.ts";
import type { RedisAddress } from "./redis-address.ts";

export interface Packages {
  readonly bullmq: typeof BullMq;
  readonly Redis: typeof Redis;
}

/** Errors: SweepError `USAGE` if a package is not there. */
export async function loadPackages(): Promise<Packages> {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, Redis: ioredis.Redis };
  } catch (error) {
    throw new SweepError("USAGE", "Sweeps over Redis need the optional packages bullmq and ioredis.", {
      hint: "Install them: npm install bullmq@6 ioredis@5",
      cause: error,
    });
  }
}

const CONNECT_MILLISECONDS = 10_000;
const LONGEST_RECONNECT_MILLISECONDS = 2000;
/** Redis 7.0 documentation, "Key eviction": any other policy drops keys, and with them jobs, when memory is short. */
const SAFE_EVICTION = "noeviction";

export interface Connection {
  readonly redis: Redis;
  /** What the user should know of the server's settings. */
  readonly notes: readonly string[];
  /** Gives up the connection, and those that were made from it. */
  close(): void;
}

/**
 * A connection that has answered once, and that reconnects for ever from then on. Errors: SweepError `USAGE` if the server refuses
 * user or password, `SERVER` if there is no server, or it is none of ours.
 */
export async function connect({ Redis }: Packages, address: RedisAddress): Promise<Connection> {
  let isUp = false;
  const redis = new Redis({
    host: address.host,
    port: address.port,
    db: address.database,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.isEncrypted ? { tls: isIP(address.host) === 0 ? { servername: address.host } : {} } : {}),
    lazyConnect: true,
    connectTimeout: CONNECT_MILLISECONDS,
    // What is left of a connection that is given up delays the end of the process no longer.
    disconnectTimeout: 100,
    maxRetriesPerRequest: null,
    keepAlive: 10_000,
    retryStrategy: (attempts) => (isUp ? Math.min(attempts * 100, LONGEST_RECONNECT_MILLISECONDS) : null),
  });
  let lastError: unknown;
  redis.on("error", (error: unknown) => {
    lastError = error;
  });
  try {
    await redis.connect();
    await redis.ping();
    isUp = true;
    const notes = await settingNotes(redis, address);
    const close = () => {
      isUp = false;
      redis.disconnect();
    };
    return { redis, notes, close };
  } catch (error) {
    redis.disconnect();
    throw connectionError(address, isConnectionClosed(error) ? (lastError ?? error) : error);
  }
}

function isConnectionClosed(error: unknown): boolean {
  return error instanceof Error && error.message === "Connection is closed.";
}

async function settingNotes(redis: Redis, { shown }: RedisAddress): Promise<string[]> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info("memory"))?.[1] ?? SAFE_EVICTION;
  return policy === SAFE_EVICTION
    ? []
    : [`${shown} may drop jobs when its memory is full: set maxmemory-policy ${SAFE_EVICTION}, not ${policy}`];
}

function connectionError({ shown, isEncrypted }: RedisAddress, error: unknown): SweepError {
  const message = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|NOAUTH|invalid password|without any password|NOPERM/.test(message)) {
    return new SweepError("USAGE", `The Redis server at ${shown} refuses the user or the password.`, {
      hint: "Give them in the address, or by SERVESWEEP_REDIS_URL or SERVESWEEP_REDIS_PASSWORD.",
      cause: error,
    });
  }
  const reason = message.split("\n")[0];
  return new SweepError("SERVER", `There is no connection to Redis at ${shown}: ${reason}`, {
    hint: `Check the address, that the server runs and lets this machine in${isEncrypted ? ", and its certificate (NODE_EXTRA_CA_CERTS)" : ""}.`,
    cause: error,
  });
}
