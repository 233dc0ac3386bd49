/** One name: what is served of it, suspending it and serving it again, and what happened to it. */
import {
  decodeProfileRecord,
  DM3_DELIVERY_SERVICE_KEY,
  DM3_PROFILE_KEY,
  isSignpostError,
  type NameAnswer,
  type SignedUserProfile,
} from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { code, copied, facts } from "../page-parts/facts.js";
import { historyPart } from "./historyPart.js";
import { hashOf, type Place } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import { recordsBlock } from "./recordsBlock.js";
import { relayNodeBlock } from "./relayNodeBlock.js";
import type { Scene } from "./scene.js";
import { stateChips } from "./stateChips.js";
import { suspensionBlock } from "./suspensionBlock.js";
import { block, chips, foreign, link, shownName } from "./values.js";

type NamePlace = Extract<Place, { view: "name" }>;

export function nameView(scene: Scene<NamePlace>): readonly HTMLElement[] {
  const { place, client, signal } = scene;
  const served = readPart(scene, "the name", async () => {
    const name = await client.names.get(place.name, { signal });
    if (name === null) return [noSuchName(place)];
    scene.announce(`${name.name} is ${name.suspension === null ? "served" : "suspended"}.`);
    const isNode = Object.hasOwn(name.texts, DM3_DELIVERY_SERVICE_KEY);
    return [
      ...[overview(name), suspensionBlock(scene, name), profileBlock(name)],
      ...(isNode ? [relayNodeBlock(scene, name.name)] : []),
      recordsBlock(name),
    ];
  });
  return [served, historyPart(scene)];
}

function noSuchName({ name }: NamePlace): HTMLElement {
  const sentence =
    "It was never made, or it was deleted: its history says which. Clients get the answer of an absent name.";
  const all = link(hashOf({ view: "names", search: null, after: "" }), "See all names");
  return stateBox(
    "absent",
    "There is no such name",
    element("p", {}, foreign(name)),
    element("p", {}, sentence),
    element("p", {}, all),
  );
}

function overview(name: NameAnswer): HTMLElement {
  const { owner, version, sequence, held } = name;
  const heldText = held
    ? "Yes: its owner signed for it, so no API key changes it. Suspending is all that is left."
    : "No: API keys of the domain may change it.";
  return element(
    "div",
    { class: "part" },
    element("p", {}, chips(...stateChips(name))),
    facts([
      ["Owner", owner === null ? "No wallet: the service’s own" : copied("owner’s address", owner)],
      ["Held by its owner", heldText],
      ["Version", code(version)],
      ["Last sequence", sequence === 0 ? "No wallet has signed for it" : String(sequence)],
    ]),
  );
}

function profileBlock({ texts }: NameAnswer): HTMLElement {
  const record = texts[DM3_PROFILE_KEY];
  const read = record === undefined ? "It has none: no messages reach it." : profileOf(record);
  if (typeof read === "string") return block("DM3 profile", element("p", {}, read));
  const { publicEncryptionKey, publicSigningKey, deliveryServices } = read;
  const nodes = deliveryServices.map((node) => element("li", {}, shownName(node)));
  const shown: (readonly [string, Child])[] = [
    ["Relay nodes", element("ol", { class: "plain-list" }, ...nodes)],
    ["Encryption key", copied("encryption key", publicEncryptionKey)],
    ["Signing key", copied("signing key", publicSigningKey)],
  ];
  return block("DM3 profile", facts(shown));
}

/** The service verified it when it was written. A sentence where it is not to be read from the record. */
function profileOf(record: string): SignedUserProfile["profile"] | string {
  try {
    const signed = decodeProfileRecord(record);
    return signed?.profile ?? "It is kept elsewhere: its record, below, says where.";
  } catch (thrown) {
    if (!isSignpostError(thrown)) throw thrown;
    return `It has one that no client accepts. ${thrown.message}`;
  }
}
