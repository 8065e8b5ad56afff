export declare const isSlurmInstalled: boolean;

export interface SlurmCluster {
  readonly environment: Readonly<Record<string, string>>;
  /** Output of one of Slurm's commands. */
  query(name: string, ...words: string[]): string;
  stop(): Promise<void>;
}

export declare function startSlurm(): Promise<SlurmCluster>;
