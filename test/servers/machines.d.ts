export interface Machine {
  readonly hostAddress: string;
  commandPrefix(hidden: string): string[];
  cutCable(): void;
  stop(): void;
}
export declare const mayMakeMachines: boolean;
export declare function startMachine(): Machine;
