/** How relay nodes are reached. */
import type { Fetcher } from "../fetch/fetcher.js";

export interface RelayNodeAccess {
  /** Guards whom it talks to: relay nodes' URLs are chosen by strangers. */
  readonly fetcher: Fetcher;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}
