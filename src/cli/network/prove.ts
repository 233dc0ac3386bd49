/** `signpost network prove <name>`: one relay node signs what its messaging gateway or bridge says of itself, offline. */
import type { Command } from "commander";
import { draftJson, draftToSign, signedBy } from "../../dm3/statement/networkDraft.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { givenJson } from "../../terminal/givenJson.js";
import { jsonText } from "../../terminal/jsonText.js";
import { readNodeKey } from "../node/nodeKey.js";

interface ProveFlags {
  readonly keyFile: string;
  readonly record: string;
  readonly node?: string;
  readonly owner?: string;
}

/** Throws INVALID_REQUEST for flags that do not go together, INVALID_PROFILE, WRONG_SIGNER, and as `readNodeKey`. */
export async function prove(given: string, flags: ProveFlags, command: Command): Promise<void> {
  const { name } = resolvableName(given);
  const owner = flags.owner === undefined ? undefined : checksumAddress(parseAddress(flags.owner));
  const nowSec = Math.floor(Date.now() / 1000);
  const record = await givenJson("network record", flags.record);
  const draft = draftToSign(name, record, { owner, nowSec });
  const key = await readNodeKey(flags.keyFile);
  const node = flags.node === undefined ? undefined : resolvableName(flags.node).name;
  const signed = signedBy(draft, node, key.signingKeyPair);
  command.configureOutput().writeOut?.(`${jsonText(draftJson(signed))}\n`);
}
