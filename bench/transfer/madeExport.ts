/** Exports of many names, as their service would have made them, without the time that its database takes. */
import { createWriteStream } from "node:fs";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { toHex } from "../../src/abi/hex.js";
import { sha256OfText } from "../../src/abi/sha256.js";
import { lineSink } from "../../src/capabilities/registry/transfer/lineSink.js";
import { encodeBase64 } from "../../src/dm3/base64.js";
import { personalMessageDigest } from "../../src/dm3/keys/walletSignature.js";
import type { SignedUserProfile } from "../../src/dm3/profile/profile.js";
import { profileCreationMessage } from "../../src/dm3/profile/profileSignature.js";
import { type Address, addressFrom, addressOfPublicKey } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import type { EcdsaSign } from "../../src/gateway/gatewaySigner.js";
import { appendEntry } from "../../src/registry/history/historyChain.js";
import { effectOf } from "../../src/registry/names/applyAction.js";
import { nameState } from "../../src/registry/names/nameState.js";
import { NEVER_SIGNED } from "../../src/registry/names/signatureState.js";
import { profileAction } from "../../src/registry/names/verifiedActions.js";
import {
  headerOf,
  lineOfEntry,
  lineOfName,
  linesOfDomain,
  textOf,
} from "../../src/transfer/form/writeLine.js";

export const DOMAIN = "users.example.eth";

export interface Person {
  readonly address: Address;
  readonly signedUserProfile: SignedUserProfile;
}

const KEY = encodeBase64(new Uint8Array(32).fill(7));
const PROFILE = {
  publicEncryptionKey: KEY,
  publicSigningKey: KEY,
  deliveryServices: [`relay.${DOMAIN}`],
};

/** A wallet of its own each: the same one for the same number. */
export function personOf(number: number, sign: EcdsaSign): Person {
  const privateKey = sha256OfText(`bench ${number}`);
  const address = addressOfPublicKey(secp256k1.getPublicKey(privateKey, false));
  const digest = personalMessageDigest(profileCreationMessage(address, PROFILE));
  const { compact, recovery } = sign(digest, privateKey);
  const signature = toHex(Uint8Array.of(...compact, 27 + recovery));
  return { address, signedUserProfile: { profile: PROFILE, signature } };
}

export const nameOf = (number: number) => `user-${String(number).padStart(8, "0")}.${DOMAIN}`;

/** @param people one for each name; null: names without profiles */
export async function makeExport(
  file: string,
  names: number,
  people: ((number: number) => Person) | null,
): Promise<void> {
  const stream = createWriteStream(file);
  const sink = lineSink(stream);
  const policy = {
    claims: "service",
    addressNames: false,
    aliases: true,
    reservedLabels: [],
  } as const;
  const head = linesOfDomain({
    domain: { name: DOMAIN, owner: null, policy, ownerSignsIn: false, frozen: null },
    ...{ aliases: [], reservations: [], source: null },
    resolvers: [
      { chainId: 1n, resolver: addressFrom(new Uint8Array(20).fill(0x5f)), domain: DOMAIN },
    ],
  });
  await sink.write(textOf(headerOf(DOMAIN)));
  for (const line of head) await sink.write(textOf(line));
  for (let number = 0; number < names; number++) {
    for (const line of linesOfUser(number, people?.(number) ?? null)) await sink.write(line);
  }
  const counts = { "signpost-export": 1, domain: 1, resolver: 1, name: names, entry: names };
  await sink.write(textOf({ kind: "end", counts, sha256: toHex(sink.sha256()) }));
  await sink.finish();
  await new Promise<void>((resolve) => stream.end(resolve));
}

function linesOfUser(number: number, person: Person | null): readonly string[] {
  const name = nameOf(number);
  const action = person
    ? profileAction(person.address, person.signedUserProfile)
    : ({
        kind: "setRecords",
        records: { texts: new Map([["avatar", `https://app.example/${number}.png`]]) },
      } as const);
  const situation = { node: namehash(name), name, domain: { name: DOMAIN }, current: null };
  const stored = effectOf({ ...situation, isRetired: false, nowMs: 0 }, action, "service");
  const state = stored && nameState(stored);
  const { sealed, end } = appendEntry(null, {
    ...{ name, atMs: 1_700_000_000_000 + number, before: null, after: state },
    ...{ authority: { kind: "service", keyId: "1" }, action: action.kind },
  });
  const line = lineOfName({
    ...{ name, end, state, signatureState: NEVER_SIGNED },
    ...{ retired: [], served: null, servedBefore: [] },
  });
  return [textOf(line), textOf(lineOfEntry(sealed))];
}
