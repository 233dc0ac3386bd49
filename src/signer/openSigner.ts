/** A gatewaySigner that holds something open, or that a person should be able to tell from another one. */
import type { GatewaySigner } from "../gateway/gatewaySigner.js";

export interface OpenSigner extends GatewaySigner {
  /** For people: what it is and where, to complete "the key is in ..."; no secret in it. */
  readonly description: string;
  /** Finishes what is under way, then lets go of its connections. Nothing may be signed after it was called. */
  close(): Promise<void>;
}
