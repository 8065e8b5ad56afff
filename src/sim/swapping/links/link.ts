/** A link of a server or of the cluster, one direction of it. */
import { Port } from "../../kv-links/max-min-rates.ts";

export class Link extends Port {
  readonly name: string;
  /** So far: seconds with something moving, and bytes moved. */
  busySeconds = 0;
  movedBytes = 0;
  /** Transfers that move over it now, and since when there is one. */
  moving = 0;
  busySinceSeconds = 0;

  constructor(name: string, bytesPerSecond: number) {
    super(bytesPerSecond);
    this.name = name;
  }
}
