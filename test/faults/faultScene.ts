/** A service with a few names, under a stream of lookups. */
import { expect } from "chai";
import type { RegistryService } from "../../src/capabilities/registry/registryService.js";
import { namehash } from "../../src/ens/namehash.js";
import { emptyName } from "../../src/registry/names/storedName.js";
import { putName } from "../db/putName.js";
import { DOMAIN } from "../http/openTestService.js";
import type { Tally } from "./gatewayStream.js";

/** Clients give up after 10 s, and ask the next gateway only when this one has answered. */
const LONGEST_ANSWER_MS = 3_000;

const PRESENT = 20;

/** Stores names with an avatar; returns the avatars by name, and an empty one of names that do not exist. */
export async function storeAvatars({ names }: RegistryService): Promise<Map<string, string>> {
  const avatars = new Map<string, string>();
  for (let count = 0; count < PRESENT; count++) {
    const name = `user-${count}.${DOMAIN}`;
    const avatar = `https://example.com/${count}.png`;
    const stored = emptyName(namehash(name), name, DOMAIN);
    await putName(names, { ...stored, texts: new Map([["avatar", avatar]]) });
    avatars.set(name, avatar);
    avatars.set(`nobody-${count}.${DOMAIN}`, "");
  }
  return avatars;
}

/** Every lookup brought a signed answer or 503, in time: never a 4xx, never an answer that does not hold. */
export function expectHonest(tally: Tally): void {
  expect(tally.wrong).to.deep.equal([]);
  expect(tally.longestMs).to.be.below(LONGEST_ANSWER_MS);
  expect(tally.answered + tally.unavailable, "lookups that began").to.be.above(0);
}

export function expectAllAnswered(tally: Tally): void {
  expectHonest(tally);
  expect(tally.unavailable).to.equal(0);
}
