/** The events that the gateway reports; metrics and traces are made of them elsewhere. */
import type { ErrorCode } from "../errors.js";

export interface AnsweredLookup {
  /** The domain that the name lies under. */
  readonly domain: string;
  /** Of the inner call, e.g. `text` or `multicall`; `unknown` for what we do not know. */
  readonly functionName: string;
  /** Signed for this request, or an answer that was signed before. */
  readonly from: "registry" | "cache";
}

/** Called once for each request of the CCIP path, when it is answered; must not throw, and must be cheap. */
export interface GatewayObserver {
  answered(lookup: AnsweredLookup, durationMs: number): void;
  refused(code: ErrorCode, durationMs: number): void;
}
