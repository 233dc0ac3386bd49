/** The canary of a running gateway. What sends it, and a user's SDK, are loaded when the first one is due. */
import { randomBytes } from "node:crypto";
import { Wallet } from "ethers";
import { toHex } from "../../../abi/hex.js";
import type { NetworkGround } from "../../../connecting/networkGround.js";
import { nodeSecret } from "../../../db/relay/nodeSecrets.js";
import type { CanaryOutcome, CanaryPlan } from "../../../health/canaryWatch.js";
import { toSignpostError } from "../../../http/shownError.js";
import type { Secrets } from "../../../sealing/secrets.js";
import type { CanaryConfig } from "./canarySettings.js";
import type { CanaryOptions } from "./sendCanary.js";

export interface CanaryPlanParts extends Pick<NetworkGround, "pool" | "relay"> {
  readonly secrets: Secrets;
  readonly canary: CanaryConfig;
  readonly password: string;
  /** The component's host. */
  readonly gateway: string;
  readonly lookup: CanaryOptions["lookup"];
}

/** In the relay node's table: gateway and relay node are on one database. */
const WALLET = "xmpp-canary-wallet";
const KEY_BYTES = 32;

export function canaryPlan(parts: CanaryPlanParts): CanaryPlan {
  const { canary, password, gateway, lookup } = parts;
  const { address, server, everyMs } = canary;

  async function send(signal: AbortSignal): Promise<CanaryOutcome> {
    const startedMs = performance.now();
    try {
      const { sendCanary } = await import("./sendCanary.js");
      const wallet = await walletOf(parts);
      return await sendCanary(
        { account: { address, password, server, wallet }, gateway, lookup },
        signal,
      );
    } catch (thrown) {
      const sentence = `The XMPP canary was not sent. ${toSignpostError(thrown).message}`;
      return { isWell: false, tookMs: performance.now() - startedMs, sentence };
    }
  }

  return { send, everyMs };
}

/** Made once. Throws as `Secrets`. */
async function walletOf({ pool, relay, secrets }: CanaryPlanParts): Promise<Wallet> {
  const make = () => new Uint8Array(randomBytes(KEY_BYTES));
  const privateKey = await nodeSecret(pool, relay, secrets, WALLET, make);
  const wallet = new Wallet(toHex(privateKey));
  privateKey.fill(0);
  return wallet;
}
