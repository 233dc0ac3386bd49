/** One name: what is served of it, suspending it and serving it again, and what happened to it. */
import type { NameAnswer } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { code, copied, facts } from "../page-parts/facts.js";
import { hasProfile, profileIn } from "./dm3Records.js";
import { historyPart } from "./historyPart.js";
import { stateChips } from "./namesView.js";
import { hashOf, type Place } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import { recordsBlock } from "./recordsBlock.js";
import type { Scene } from "./scene.js";
import { suspensionBlock } from "./suspensionBlock.js";
import { Trouble } from "./trouble.js";
import { block, chips, foreign, link, shownName } from "./values.js";

type NamePlace = Extract<Place, { view: "name" }>;

export function nameView(scene: Scene<NamePlace>): readonly HTMLElement[] {
  const { place, service, signal } = scene;
  const served = readPart(scene, "the name", async () => {
    const name = await nameOrNull(() => service.read(["names", place.name], {}, signal));
    if (name === null) return [noSuchName(place)];
    scene.announce(`${name.name} is ${name.suspension === null ? "served" : "suspended"}.`);
    return [overview(name), suspensionBlock(scene, name), profileBlock(name), recordsBlock(name)];
  });
  return [served, historyPart(scene)];
}

/** Null where there is no such name; whatever else keeps it from being read is thrown. */
async function nameOrNull(read: () => Promise<unknown>): Promise<NameAnswer | null> {
  try {
    return (await read()) as NameAnswer;
  } catch (thrown) {
    if (thrown instanceof Trouble && thrown.kind === "absent") return null;
    throw thrown;
  }
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
  const profile = profileIn(texts);
  if (profile === null) {
    const sentence = hasProfile(texts)
      ? "It has one, of a form that this page cannot read. It stands among its records."
      : "It has none: no messages reach it.";
    return block("DM3 profile", element("p", {}, sentence));
  }
  const { publicEncryptionKey, publicSigningKey, relayNodes } = profile;
  const nodes = relayNodes.map((node) => element("li", {}, shownName(node)));
  const shown: (readonly [string, Child])[] = [
    ["Relay nodes", element("ol", { class: "plain-list" }, ...nodes)],
    ["Encryption key", copied("encryption key", publicEncryptionKey)],
    ["Signing key", copied("signing key", publicSigningKey)],
  ];
  return block("DM3 profile", facts(shown));
}
