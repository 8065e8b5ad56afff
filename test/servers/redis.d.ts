export declare const isRedisInstalled: boolean;

export interface RedisServer {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export declare function startRedis(options?: {
  readonly appendOnly?: boolean;
  readonly password?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly addresses?: readonly string[];
}): Promise<RedisServer>;
