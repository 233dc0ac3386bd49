/** The canary of a running bridge: a small encrypted mail that leaves as all others do, and that somebody else's server sends back. */
import { randomBytes } from "node:crypto";
import { encodeMail } from "../../../codecs/openpgp-mime/encodeMail.js";
import { openMailKey } from "../../../codecs/openpgp-mime/keys/mailKey.js";
import type { OwnKeyStore } from "../../../db/messaging/ownKeyStore.js";
import { isSignpostError } from "../../../errors.js";
import type { CanaryOutcome, CanaryPlan } from "../../../health/canaryWatch.js";
import { toSignpostError } from "../../../http/shownError.js";
import type { MailTransport } from "../../../mail/mailTransport.js";
import { canaryAddress } from "../../../mail/recipients.js";
import type { CanaryMail } from "../../../mail/sendCanary.js";
import { formatNativeAddress } from "../../../messaging/address/nativeAddress.js";
import type { CanaryConfig } from "./canarySettings.js";

export interface CanaryPlanParts {
  readonly canary: CanaryConfig;
  readonly mailDomain: string;
  readonly ownKey: Pick<OwnKeyStore, "newest">;
  /** That of now; null in a process that never was the active one. */
  readonly transport: () => Pick<MailTransport, "canary"> | null;
  readonly nowMs: () => number;
  /** For all of it. */
  readonly longestMs?: number;
}

/** Forwarding takes seconds, and longer where the server looks for viruses. */
const LONGEST_MS = 180_000;

export function canaryPlan(parts: CanaryPlanParts): CanaryPlan {
  const { canary, mailDomain, longestMs = LONGEST_MS } = parts;
  const there = formatNativeAddress(canary.address);
  const here = formatNativeAddress(canaryAddress(mailDomain));

  async function send(signal: AbortSignal): Promise<CanaryOutcome | null> {
    const transport = parts.transport();
    if (transport === null) return null;
    const startedMs = performance.now();
    const over = (isWell: boolean, told: string): CanaryOutcome => {
      const begin = isWell ? "The mail canary came back." : `The mail canary was lost. ${told}`;
      return { isWell, tookMs: performance.now() - startedMs, sentence: begin };
    };
    const ending = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
    try {
      const back = await transport.canary(await sealed(parts), ending);
      if (back.isSigned) return over(true, "");
      const told = `It came back from ${there} with a DKIM signature that does not count (${back.comment}). Look at the DNS with signpost bridge check.`;
      return over(false, told);
    } catch (thrown) {
      if (ending.aborted && !isSignpostError(thrown)) {
        const told = `It did not come back from ${there} within ${longestMs / 1000} s. Its server has to forward all mail to ${here}, unchanged.`;
        return over(false, told);
      }
      return over(false, toSignpostError(thrown).message);
    }
  }

  return { send, everyMs: canary.everyMs };
}

/** By and for the bridge's own key: nobody else has to read it. */
async function sealed({ canary, mailDomain, ownKey, nowMs }: CanaryPlanParts): Promise<CanaryMail> {
  const messageId = `${randomBytes(20).toString("hex")}@${mailDomain}`;
  const privateKey = await ownKey.newest();
  try {
    const { certificate } = await openMailKey(privateKey);
    const entity = await encodeMail(
      {
        from: formatNativeAddress(canaryAddress(mailDomain)),
        to: [formatNativeAddress(canary.address)],
        ...{ dateMs: nowMs(), messageId: `<${messageId}>`, subject: "Canary" },
        content: { type: "NEW", text: "A canary of the mail bridge.", files: [] },
      },
      { privateKey, certificates: [certificate] },
    );
    return { to: canary.address, messageId, entity };
  } finally {
    privateKey.fill(0);
  }
}
