/** Where a Redis server is, without letting its password out. */
import { SweepError } from "../../../errors.ts";

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** Number of the database. */
  readonly database: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly isEncrypted: boolean;
  /** For messages: the address without user and password. */
  readonly shown: string;
}

/** Environment variables that may hold the whole address, or the password alone. */
export const URL_VARIABLE = "SERVESWEEP_REDIS_URL";
export const PASSWORD_VARIABLE = "SERVESWEEP_REDIS_PASSWORD";

const DEFAULT_URL = "redis://127.0.0.1:6379";
const DEFAULT_PORT = 6379;

/**
 * `given` is what the user wrote, if anything; otherwise the environment decides, or a server on this machine. A password in the
 * environment stands in for one that the address lacks. Errors: SweepError `USAGE`, which never quotes a password.
 */
export function redisAddress(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): RedisAddress {
  const text = given ?? environment[URL_VARIABLE] ?? DEFAULT_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url === undefined ? Number.NaN : Number(url.pathname.slice(1) || "0");
  if (
    url === undefined ||
    !["redis:", "rediss:"].includes(url.protocol) ||
    url.hostname === "" ||
    !/^(\/\d{0,4})?$/.test(url.pathname) ||
    url.search !== "" ||
    url.hash !== ""
  ) {
    throw new SweepError("USAGE", "The address of the Redis server is malformed.", {
      hint: `Expected redis://HOST:PORT or, encrypted, rediss://HOST:PORT, a database's number behind it if it is not 0 (${given === undefined ? URL_VARIABLE : "as given"}).`,
    });
  }
  const port = url.port === "" ? DEFAULT_PORT : Number(url.port);
  const password = decoded(url.password) ?? environment[PASSWORD_VARIABLE];
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    database,
    username: decoded(url.username),
    password: password === "" ? undefined : password,
    isEncrypted: url.protocol === "rediss:",
    shown: `${url.protocol}//${url.hostname}:${port}${database === 0 ? "" : `/${database}`}`,
  };
}

/** Whether text that ends up in files holds a password. */
export function holdsPassword(url: string): boolean {
  return URL.canParse(url) ? new URL(url).password !== "" : url.includes("@");
}

function decoded(part: string): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
