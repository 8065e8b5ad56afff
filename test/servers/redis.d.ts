export declare const isRedisInstalled: boolean;

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export declare function startRedis(options?: {
  readonly appendOnly?: boolean;
  readonly password?: string;
  readonly port?: number;
}): Promise<RedisServer>;
