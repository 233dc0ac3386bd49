/** The API keys and sessions of the domain: what each may do, when it was used, and how to end it. */
import type { KeyAnswer } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { behind, hashOf, type Place } from "./place.js";
import { askOnceMore } from "./question.js";
import { readPart, stateBox } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import { Trouble } from "./trouble.js";
import { chip, chips, foreign, moment, momentOr, pages } from "./values.js";

type KeysPlace = Extract<Place, { view: "keys" }>;

const KEYS_A_PAGE = 50;

export function keysView(scene: Scene<KeysPlace>): readonly HTMLElement[] {
  const { place, client, signal, signedIn } = scene;
  const part = readPart(scene, `keys of ${signedIn.domain}`, async () => {
    const options = { ...behind(place.after), pageSize: KEYS_A_PAGE, signal };
    const { items: keys, next } = await client.keys.list(options).page();
    const shown =
      keys.length === 0
        ? stateBox("empty", "No further keys")
        : table(captionOf(keys), columnsOf(scene), keys);
    const first = place.after === "" ? null : hashOf({ ...place, after: "" });
    const further = next === null ? null : hashOf({ ...place, after: next });
    return [shown, ...pages(first, further)];
  });
  const hint =
    "The keys themselves are kept nowhere. The operator makes new ones by signpost key add.";
  return [element("p", { class: "lead" }, hint), part];
}

const captionOf = ({ length }: readonly KeyAnswer[]) =>
  `${length === 1 ? "1 key" : `${length} keys and sessions`}, the newest first`;

function columnsOf(scene: Scene): readonly Column<KeyAnswer>[] {
  return [
    {
      heading: "Key",
      cell: ({ id, label, isThis }) => [
        `${id} `,
        foreign(label),
        ...(isThis ? [" ", chip("good", "you")] : []),
      ],
    },
    {
      heading: "May do",
      cell: ({ scopes }) => chips(...scopes.map((scope) => chip("plain", scope))),
    },
    { heading: "Last used", cell: ({ lastUsedAtMs }) => momentOr(lastUsedAtMs, "never") },
    { heading: "Made", cell: ({ createdAtMs }) => moment(createdAtMs) },
    { heading: "Ends", cell: (key) => endOf(scene, key) },
  ];
}

function endOf(scene: Scene, key: KeyAnswer): readonly Child[] {
  const { revokedAtMs, expiresAtMs } = key;
  if (revokedAtMs !== null) return [chip("bad", "revoked"), " ", moment(revokedAtMs)];
  if (expiresAtMs !== null && expiresAtMs <= Date.now()) {
    return [chip("bad", "ended"), " ", moment(expiresAtMs)];
  }
  const until = expiresAtMs === null ? "when it is revoked" : moment(expiresAtMs);
  return [until, " ", revokeButton(scene, key)];
}

function revokeButton(scene: Scene, { id, label, isThis }: KeyAnswer): HTMLElement {
  const button = element("button", { type: "button", class: "small" }, "Revoke …");
  button.setAttribute("aria-label", `Revoke key ${id}, ${label}`);
  const whose = isThis
    ? "It is the one that you are signed in by: this page signs you out."
    : "Whatever uses it stops working at once.";
  button.addEventListener("click", () => {
    void askOnceMore(scene, {
      title: `Revoke key ${id}?`,
      text: [
        element("p", {}, foreign(label)),
        element("p", {}, `${whose} It cannot be taken back.`),
      ],
      answer: null,
      yes: "Revoke",
      ends: ({ kind }) => kind === "signedOut" || kind === "absent",
      act: async () => {
        if ((await scene.client.keys.revoke(id)) === null) throw revokedBefore(id);
      },
    }).then((end) => {
      if (scene.signal.aborted || end === null) return;
      if (end === "done" && !isThis) scene.showAgain(`Key ${id} does not work any more.`);
      else if (end === "done" || end.kind === "signedOut") scene.signedOut();
      else scene.showAgain(end.message);
    });
  });
  return button;
}

function revokedBefore(id: string): Trouble {
  return new Trouble("absent", `Key ${id} was revoked before, or its time is over.`);
}
