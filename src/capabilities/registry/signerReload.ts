/** Changing the signer of a running service to the one that the settings name now. */
import { sameBytes } from "../../abi/bytes.js";
import { checksumAddress } from "../../ens/address.js";
import type { Tell } from "../../service/capability.js";
import type { OpenSigner } from "../../signer/openSigner.js";
import type { RunningRegistry } from "./startRegistry.js";

export interface SignerReload {
  /** Opens the signer that the settings name now. */
  readonly open: () => Promise<OpenSigner>;
  readonly registry: Pick<RunningRegistry, "switchSigner">;
  /** The one that the registry has now. */
  readonly signer: OpenSigner;
}

export interface ReloadableSigner {
  /**
   * Reads the settings and switches to the signer that they name, if that one signs and is taken by the resolvers;
   * otherwise it keeps the present one and tells why. Called while it works, it works once more afterwards. Throws
   * nothing of its own, and does nothing once `finish` was called.
   */
  readonly reload: (tell: Tell) => Promise<void>;
  /** Lets the reloads under way end, which still need the registry; from then on there are none. */
  readonly finish: () => Promise<void>;
  /** Finishes, then closes the present signer. */
  readonly close: () => Promise<void>;
}

export function reloadableSigner({ open, registry, signer }: SignerReload): ReloadableSigner {
  let present = signer;
  let isFinished = false;
  let work: Promise<void> = Promise.resolve();

  async function reload(tell: Tell): Promise<void> {
    if (isFinished) return;
    let next: OpenSigner | undefined;
    try {
      next = await open();
      await registry.switchSigner(next);
    } catch (error) {
      tell(`The gatewaySigner stays ${nameOf(present)}: ${reasonOf(error)}`, "warn");
      if (next) await closeOrTell(next, tell);
      return;
    }
    const former = present;
    present = next;
    tell(
      sameBytes(former.address, next.address)
        ? `The gatewaySigner was read again and is the same: ${nameOf(next)}`
        : `The gatewaySigner is now ${nameOf(next)}; it was ${nameOf(former)}. Remove the former from your resolvers when its last answers have expired.`,
    );
    await closeOrTell(former, tell);
  }

  function finish(): Promise<void> {
    isFinished = true;
    return work;
  }

  return {
    // one after the other: each begins with the signer that the one before it left
    reload: (tell) => {
      const done = work.then(() => reload(tell));
      // one that fails is told to whoever asked for it, and does not stop the next one
      work = done.catch(() => undefined);
      return done;
    },
    finish,
    close: async () => {
      await finish();
      await present.close();
    },
  };
}

/** A signer that is used no more: that it did not close well changes nothing for lookups. */
async function closeOrTell(signer: OpenSigner, tell: Tell): Promise<void> {
  try {
    await signer.close();
  } catch (error) {
    tell(`The signer ${nameOf(signer)} could not be closed: ${reasonOf(error)}`, "warn");
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nameOf({ address, description }: OpenSigner): string {
  return `${checksumAddress(address)} (${description})`;
}
