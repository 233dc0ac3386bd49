/** DM3's three methods. */
import { findAccount } from "../../accounts/accountNamed.js";
import type { TakeQuestion } from "../../accounts/directory.js";
import { stringify } from "../../dm3/stringify.js";
import { SignpostError } from "../../errors.js";
import { noAccount } from "../../relay/participants.js";
import { type Accepted, submit, type SubmitParts } from "../../relay/submit.js";

export interface RpcParts extends SubmitParts {
  /** Told of each message that was kept now. */
  readonly onAccepted: (accepted: Accepted) => void;
  /** What `dm3_getDeliveryServiceProperties` says; as the reference writes it, a JSON text. */
  readonly properties: () => string;
}

/** The same parts, with the questions to ENS counted. */
export function askingBy(parts: RpcParts, take: TakeQuestion): RpcParts {
  return { ...parts, directory: parts.directory.askedBy(take) };
}

/** What stands in `result`. Throws WRONG_CALL, and as `submit`. */
export async function callMethod(
  parts: RpcParts,
  { method, params }: { readonly method: string; readonly params: unknown },
): Promise<string> {
  // a list, or the only parameter itself
  const [first] = (Array.isArray(params) ? params : [params]) as readonly unknown[];
  switch (method) {
    case "dm3_submitMessage":
      await submitAndTell(parts, first);
      return "OK";
    case "dm3_getDeliveryServiceProperties":
      return parts.properties();
    case "dm3_getProfileExtension":
      return profileExtension(parts, first);
    default:
      throw new SignpostError(
        "WRONG_CALL",
        `There is no method ${method.slice(0, 40)}; call dm3_submitMessage, dm3_getDeliveryServiceProperties or dm3_getProfileExtension.`,
        { reason: "unknown-method" },
      );
  }
}

/** Throws WRONG_CALL, and as `submit`. */
export async function submitAndTell(parts: RpcParts, envelope: unknown): Promise<void> {
  if (envelope === undefined || envelope === null || envelope === "") {
    const sentence = "The envelope is missing; give it as the first parameter.";
    throw new SignpostError("WRONG_CALL", sentence, { reason: "no-envelope" });
  }
  if (typeof envelope === "string" && envelope.length <= parts.sizeLimit && !isJson(envelope)) {
    const sentence = "The envelope is not JSON; give it as an object, or as JSON text.";
    throw new SignpostError("WRONG_CALL", sentence, { reason: "no-json" });
  }
  parts.onAccepted(await submit(parts, envelope));
}

/** Nearly every envelope begins and ends so: then it is parsed once, by the main flow. */
function isJson(text: string): boolean {
  if (text.startsWith("{") && text.endsWith("}")) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the receiver asks of senders (DM3MTP, profile extension), in the spelling of the specification and of the reference.
 * Which senders are blocked, nobody is told.
 */
async function profileExtension(parts: RpcParts, name: unknown): Promise<string> {
  // not shown: what is no text may have a `toString` that fails
  if (typeof name !== "string") throw noAccount("");
  const account = await findAccount(parts, name);
  if (account === null) throw noAccount(name);
  const { filters } = account;
  const { minBalance, minNonce, minTokenBalance } = filters;
  return stringify({
    encryptionAlgorithm: ["x25519-chacha20-poly1305"],
    encryptionScheme: ["x25519-chacha20-poly1305"],
    notSupportedMessageTypes: [],
    minNonce,
    minBalance: minTokenBalance?.amount ?? minBalance,
    minBalanceTokenAddress: minTokenBalance?.token,
  });
}
