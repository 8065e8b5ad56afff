/** The contract of a start state: which instances exist when a run begins. */

import type { Processor, Server } from "../cluster/server.ts";
import type { InstanceParameters } from "../engine/instance-parameters.ts";
import type { Parallelism } from "./slices.ts";

/** An instance to be started. */
export interface InstancePlan {
  /** Where its processors are. */
  readonly server: Server;
  readonly processors: readonly Processor[];
  readonly tag: string | null;
  readonly parameters: InstanceParameters;
}

/**
 * Processors of an instance: as many as its tensor parallelism, or (SplitwiseSim's uniform start states) all of a
 * server, tensor parallelism being no more than a key of the performance model.
 */
export type InstanceProcessors = "tensor_parallel" | "whole_server";

/** An instance's parameters before its server is known. */
export type PlannedInstance = Omit<InstanceParameters, "tensor_parallelism"> & Parallelism;

export interface StartStateParameters {
  readonly state_type: string;
  readonly instance_processors: InstanceProcessors;
  /** A cluster with fewer servers than the pools ask for is refused, or (SplitwiseSim) the last pools get fewer. */
  readonly missing_servers: "refuse" | "ignore";
  readonly split_type: "homogeneous" | "heterogeneous";
  readonly instance: PlannedInstance | null;
  readonly prompt: PoolParameters | null;
  readonly token: PoolParameters | null;
}

/** Instances of one phase: on so many servers, or on all servers of some SKUs. */
export interface PoolParameters extends PlannedInstance {
  readonly num_instances?: number;
  readonly instance_names?: readonly string[];
}

export interface StartState {
  /** Whether this start state is meant by a configured `state_type`. */
  matches(stateType: string): boolean;
  plan(parameters: StartStateParameters, servers: readonly Server[]): InstancePlan[];
}
