/** `signpost node prove <name>`: the profile of a relay node with the proof beside it, by the node's key, offline. */
import type { Command } from "commander";
import { decodeUtf8 } from "../../abi/utf8.js";
import { encodeBase64 } from "../../dm3/base64.js";
import {
  type DeliveryServiceProfile,
  parseDeliveryServiceProfile,
} from "../../dm3/profile/profile.js";
import { provenProfile } from "../../dm3/statement/nodeProof.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import { givenFile } from "../../terminal/givenFile.js";
import { jsonText } from "../../terminal/jsonText.js";
import { type NodeKey, readNodeKey } from "./nodeKey.js";

interface ProveFlags {
  readonly keyFile: string;
  readonly profile?: string;
  readonly url?: string;
  readonly encryptionKey?: string;
  readonly owner?: string;
  readonly listed?: true;
  readonly canary?: true;
}

const LONGEST_PROFILE = 16_384;

/** Throws INVALID_REQUEST for flags that do not go together or another node's key, INVALID_PROFILE, and as `readNodeKey`. */
export async function prove(given: string, flags: ProveFlags, command: Command): Promise<void> {
  const { name } = resolvableName(given);
  const owner = flags.owner === undefined ? null : checksumAddress(parseAddress(flags.owner));
  const key = await readNodeKey(flags.keyFile);
  const profile = await profileOf(flags, key);
  const proven = provenProfile(key.signingKeyPair.privateKey, {
    ...{ name, owner, profile },
    ...{ listed: flags.listed ?? false, canary: flags.canary ?? false },
    signedAtSec: Math.floor(Date.now() / 1000),
  });
  command.configureOutput().writeOut?.(`${jsonText(proven)}\n`);
}

async function profileOf(flags: ProveFlags, key: NodeKey): Promise<DeliveryServiceProfile> {
  const publicSigningKey = encodeBase64(key.signingKeyPair.publicKey);
  const { profile: file, url } = flags;
  if ((file === undefined) === (url === undefined)) {
    throw wrongUsage("Give either --profile <file>, the node's profile, or its --url.");
  }
  if (file === undefined) {
    const publicEncryptionKey = flags.encryptionKey ?? key.publicEncryptionKey;
    if (publicEncryptionKey === null) {
      throw wrongUsage(
        "The key file has the signing key alone. Give the node's public --encryption-key, or its --profile.",
      );
    }
    return parseDeliveryServiceProfile({ publicEncryptionKey, publicSigningKey, url });
  }
  const profile = parseDeliveryServiceProfile(await jsonOf(file));
  if (profile.publicSigningKey === publicSigningKey) return profile;
  throw wrongUsage(
    `The key in ${flags.keyFile} is ${publicSigningKey}, but the profile has ${profile.publicSigningKey}. Give the key of that node.`,
  );
}

async function jsonOf(file: string): Promise<unknown> {
  const bytes = await givenFile("profile", file, process.stdin, LONGEST_PROFILE);
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch {
    throw wrongUsage(
      `${file} is not JSON. Write {"publicEncryptionKey","publicSigningKey","url"}.`,
    );
  }
}

function wrongUsage(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
