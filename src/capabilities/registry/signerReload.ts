/** Changing the signer of a running service to the one that the settings name now. */
import { sameBytes } from "../../abi/bytes.js";
import { checksumAddress } from "../../ens/address.js";
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
   * otherwise it keeps the present one and tells why. Called while it works, it works once more afterwards.
   */
  readonly reload: (tell: (line: string) => void) => Promise<void>;
  /** Closes the present signer. */
  readonly close: () => Promise<void>;
}

export function reloadableSigner({ open, registry, signer }: SignerReload): ReloadableSigner {
  let present = signer;
  let work: Promise<void> = Promise.resolve();

  async function reload(tell: (line: string) => void): Promise<void> {
    let next: OpenSigner | undefined;
    try {
      next = await open();
      await registry.switchSigner(next);
    } catch (error) {
      await next?.close();
      const why = error instanceof Error ? error.message : String(error);
      tell(`The gatewaySigner stays ${nameOf(present)}: ${why}`);
      return;
    }
    const former = present;
    present = next;
    tell(
      sameBytes(former.address, next.address)
        ? `The gatewaySigner was read again and is the same: ${nameOf(next)}`
        : `The gatewaySigner is now ${nameOf(next)}; it was ${nameOf(former)}. Remove the former from your resolvers when its last answers have expired.`,
    );
    await former.close();
  }

  return {
    // one after the other: each begins with the signer that the one before it left
    reload: (tell) => (work = work.then(() => reload(tell))),
    close: () => present.close(),
  };
}

function nameOf({ address, description }: OpenSigner): string {
  return `${checksumAddress(address)} (${description})`;
}
