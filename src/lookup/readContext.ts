import type { Fetcher } from "../fetch/fetcher.js";
import type { AnswerExpiry } from "./answerExpiry.js";
import type { Chain } from "./askNode.js";
import type { CheckLog } from "./checks.js";

/** What one reading of a record needs: a chain, a way to gateways, and where checks and expiry are noted. */
export interface ReadContext extends Chain {
  readonly fetcher: Fetcher;
  readonly checks: CheckLog;
  readonly expiry: AnswerExpiry;
}
