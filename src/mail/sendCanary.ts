/** A canary goes out as all our mail does, and is awaited at the address of canaries. */
import { SignpostError } from "../errors.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import type { AwaitedCanaries, CanaryBack } from "./awaitedCanaries.js";
import { readEntity } from "./nativeEntity.js";
import { encryptedFields, type OutgoingMailSettings, sendSigned } from "./outgoingMail.js";
import { canaryAddress } from "./recipients.js";

export interface CanaryMail {
  /** Sends it back to `canary@<mail domain>`. */
  readonly to: NativeAddress;
  /** Without its brackets; another one each time, which nobody can guess. */
  readonly messageId: string;
  /** As `encodeMail` gives it. */
  readonly entity: Uint8Array;
}

export interface CanarySettings extends Pick<
  OutgoingMailSettings,
  "mailDomain" | "budget" | "signer" | "outlet" | "nowMs"
> {
  readonly canaries: Pick<AwaitedCanaries, "await">;
}

/**
 * Resolves when it is back. Rejects with the reason of `signal`.
 * @throws UNREACHABLE where no server took it
 */
export async function sendCanary(
  { to, messageId, entity }: CanaryMail,
  signal: AbortSignal,
  settings: CanarySettings,
): Promise<CanaryBack> {
  const from = canaryAddress(settings.mailDomain);
  const read = await readEntity(entity);
  if (read.is === "wrong") throw new TypeError(`the canary is wrong: ${read.problem}`);
  const { back, forget } = settings.canaries.await(messageId);
  try {
    const mail = {
      ...{ from, to, messageId, subject: "...", certificate: null, isAutomatic: true },
      ...{ mimeFields: encryptedFields(read.boundary), body: read.body },
    };
    const sending = sendSigned(mail, formatNativeAddress(from), settings);
    const answer = await unlessAborted(signal, sending);
    if (answer.is === "refused") {
      const reason = `its mail server refused it: ${answer.sentence}`;
      const sentence = `The canary to ${formatNativeAddress(to)} was not taken: ${reason}`;
      throw new SignpostError("UNREACHABLE", sentence, { reason });
    }
    return await unlessAborted(signal, back);
  } finally {
    forget();
  }
}
