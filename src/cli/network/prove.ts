/** `signpost network prove <name>`: one relay node signs what its messaging gateway or bridge says of itself, offline. */
import type { Command } from "commander";
import { encodeBase64 } from "../../dm3/base64.js";
import { signNetwork } from "../../dm3/statement/networkRecord.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import { jsonText } from "../../terminal/jsonText.js";
import { givenJson } from "../givenJson.js";
import { readNodeKey } from "../node/nodeKey.js";
import { type Draft, draftJson, readDraft } from "./draft.js";

interface ProveFlags {
  readonly keyFile: string;
  readonly record: string;
  readonly node?: string;
  readonly owner?: string;
}

/** Throws INVALID_REQUEST for flags that do not go together, INVALID_PROFILE, WRONG_SIGNER, and as `readNodeKey`. */
export async function prove(given: string, flags: ProveFlags, command: Command): Promise<void> {
  const { name } = resolvableName(given);
  const owner = flags.owner === undefined ? null : checksumAddress(parseAddress(flags.owner));
  const signedAtSec = Math.floor(Date.now() / 1000);
  const draft = readDraft(name, await givenJson("network record", flags.record), {
    ...{ owner, signedAtSec },
  });
  if (flags.owner !== undefined && draft.claim.owner !== owner) {
    throw wrongUsage(
      `The record is for the owner ${draft.claim.owner ?? "null"}, not for ${owner}.`,
    );
  }
  const key = await readNodeKey(flags.keyFile);
  const index = placeOf(draft, flags.node);
  const signing = {
    name: draft.claim.relayNodes[index] ?? "",
    publicSigningKey: encodeBase64(key.signingKeyPair.publicKey),
    signature: signNetwork(key.signingKeyPair.privateKey, draft.claim),
  };
  const signed = draft.signed.with(index, signing);
  command.configureOutput().writeOut?.(`${jsonText(draftJson({ ...draft, signed }))}\n`);
}

/** Of the node that signs now. */
function placeOf({ claim, signed }: Draft, given: string | undefined): number {
  const unsigned = claim.relayNodes.filter((_, index) => signed[index] === null);
  const node = given === undefined ? undefined : resolvableName(given).name;
  const [only, ...others] = unsigned;
  const found = node ?? (others.length === 0 ? only : undefined);
  if (found === undefined) {
    throw wrongUsage(
      unsigned.length === 0
        ? "All of its relay nodes have signed. Register it: signpost network register."
        : `Several relay nodes have not signed yet: ${unsigned.join(", ")}. Give the --node whose key this is.`,
    );
  }
  const index = claim.relayNodes.findIndex((name) => name === found);
  if (index !== -1) return index;
  throw wrongUsage(`The record does not name ${found}. It names ${claim.relayNodes.join(", ")}.`);
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
