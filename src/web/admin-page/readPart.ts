/** A part of a view that is read from the service: while it is read, what was read, or why not and what to do. */
import { type Child, element } from "../page-parts/dom.js";
import type { Scene } from "./scene.js";
import { type Trouble, type TroubleKind, troubleOf } from "./trouble.js";

type Reading = Pick<Scene, "signal" | "announce" | "signedOut">;

/**
 * @param what completes "Reading …": "the names of users.example.eth"
 * @param read the elements of the part, or throws
 */
export function readPart(
  { signal, announce, signedOut }: Reading,
  what: string,
  read: () => Promise<readonly Child[]>,
): HTMLElement {
  const part = element("div", { class: "part" });

  async function fill(): Promise<void> {
    part.setAttribute("aria-busy", "true");
    const loading = element("p", { class: "state", "data-state": "loading" }, `Reading ${what} …`);
    part.replaceChildren(loading);
    try {
      const children = await read();
      if (!signal.aborted) part.replaceChildren(...children);
    } catch (thrown) {
      if (signal.aborted) return;
      const trouble = troubleOf(thrown);
      if (trouble.kind === "signedOut") {
        signedOut();
        return;
      }
      announce(`${TITLES[trouble.kind]}. ${trouble.message}`);
      const again = () => {
        void fill().then(() => {
          // the button that had the focus is gone
          if (!signal.aborted) part.focus();
        });
      };
      part.replaceChildren(troubleBox(trouble, again));
    } finally {
      part.removeAttribute("aria-busy");
    }
  }
  part.tabIndex = -1;
  void fill();
  return part;
}

const TITLES: Readonly<Record<TroubleKind, string>> = {
  signedOut: "Signed out",
  mayNot: "Not with this key",
  notOffered: "Not offered here",
  absent: "There is none",
  changed: "Changed in between",
  refused: "Refused",
  tooMuch: "Too much at once",
  unknown: "Could not find out",
};

/** How it looks: a refusal is no failure, and neither is an absence. */
const LOOKS: Readonly<Record<TroubleKind, string>> = {
  signedOut: "refused",
  mayNot: "refused",
  notOffered: "absent",
  absent: "absent",
  changed: "failed",
  refused: "refused",
  tooMuch: "failed",
  unknown: "failed",
};

const ADVICE: Readonly<Partial<Record<TroubleKind, string>>> = {
  mayNot: "Sign in by a key with that scope, or by the domain’s wallet.",
  notOffered: "This service is older than this page, or runs without the service API.",
  unknown: "Nothing is wrong with what you asked for.",
};

function troubleBox(trouble: Trouble, again: () => void): HTMLElement {
  const { kind, message, requestId } = trouble;
  const sentence = kind === "notOffered" ? "This service does not offer it." : message;
  const advice = ADVICE[kind];
  const retry = element("button", { type: "button" }, "Try again");
  retry.addEventListener("click", again);
  return stateBox(
    LOOKS[kind],
    TITLES[kind],
    element("p", {}, sentence),
    ...(advice === undefined ? [] : [element("p", {}, advice)]),
    ...(requestId === null || LOOKS[kind] !== "failed" ? [] : [requestIdText(requestId)]),
    ...(LOOKS[kind] === "failed" ? [element("p", { class: "actions" }, retry)] : []),
  );
}

function requestIdText(requestId: string): HTMLElement {
  const id = element("code", {}, requestId);
  return element(
    "p",
    { class: "detail" },
    "The operator finds it in the log by the request id ",
    id,
    ".",
  );
}

/** A box in place of what could be here. @param look empty, absent, refused or failed */
export function stateBox(look: string, title: string, ...children: readonly Child[]): HTMLElement {
  return element(
    "div",
    { class: "state", "data-state": look },
    element("p", { class: "state-title" }, title),
    ...children,
  );
}
