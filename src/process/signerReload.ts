/** Changing the signer of a running service to the one that the settings name now. */
import { sameBytes } from "../abi/bytes.js";
import { checksumAddress } from "../ens/address.js";
import type { Service } from "../service/service.js";
import type { OpenSigner } from "../signer/openSigner.js";

export interface SignerReload {
  /** Opens the signer that the settings name now. */
  readonly open: () => Promise<OpenSigner>;
  readonly service: Pick<Service, "switchSigner">;
  /** The one that the service has now. */
  readonly signer: OpenSigner;
  /** Gets a line for the operator. */
  readonly tell: (line: string) => void;
}

/**
 * A function that reads the settings and switches to the signer that they name, if that one signs and is taken by the
 * resolvers; otherwise it keeps the present one and tells why. Called while it works, it works once more afterwards.
 */
export function signerReload({ open, service, signer, tell }: SignerReload): () => void {
  let present = signer;
  let work: Promise<void> = Promise.resolve();

  async function reload(): Promise<void> {
    let next: OpenSigner | undefined;
    try {
      next = await open();
      await service.switchSigner(next);
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

  return () => {
    work = work.then(reload);
  };
}

function nameOf({ address, description }: OpenSigner): string {
  return `${checksumAddress(address)} (${description})`;
}
