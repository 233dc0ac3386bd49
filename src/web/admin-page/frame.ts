/** What stands around every view: the domain, the ways to the views, who is signed in, and what is read out. */
import { byId } from "../page-parts/dom.js";
import type { Place } from "./place.js";
import type { SignedIn } from "./signedIn.js";
import { shortAddress, shownName } from "./values.js";

const TITLE = "Signpost admin";

/** Sentences of one second are read together: parts of a view come one after the other, and the last one would win. */
const TOGETHER_MS = 1_000;
let announcedMs = -TOGETHER_MS;

/** Null: nobody is signed in. */
export function frameSignedIn(signedIn: SignedIn | null): void {
  const isNobody = signedIn === null;
  for (const id of ["of-domain", "views", "who", "skip", "view"])
    byId(id, HTMLElement).hidden = isNobody;
  byId("domain", HTMLElement).textContent = signedIn?.domain ?? "";
  byId("who-text", HTMLElement).textContent = signedIn === null ? "" : whoText(signedIn);
  if (isNobody) {
    // nothing of the domain stays behind for whoever comes next
    byId("parts", HTMLElement).replaceChildren();
    byId("heading", HTMLElement).textContent = "";
    frameNotice("");
    document.title = TITLE;
  }
}

function whoText({ session }: SignedIn): string {
  if (session === null) return "by an API key";
  const time = new Date(session.expiresAtMs).toLocaleTimeString(undefined, { timeStyle: "short" });
  return `by ${shortAddress(session.wallet)} until ${time}`;
}

/** The heading has the focus: whoever reads by ear begins with it. */
export function frameView(view: Place["view"] | null, title: string): void {
  const heading = byId("heading", HTMLElement);
  heading.replaceChildren(view === "name" ? shownName(title) : title);
  // what was said of the view before is over
  announcedMs = -TOGETHER_MS;
  document.title = `${title} · ${TITLE}`;
  const current = view === "name" ? "names" : view;
  for (const link of byId("views", HTMLElement).querySelectorAll<HTMLElement>("[data-view]")) {
    if (link.dataset["view"] === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  focusHeading();
}

export function focusHeading(): void {
  byId("heading", HTMLElement).focus();
}

/** Above the view; an empty one takes it away. */
export function frameNotice(sentence: string): void {
  const notice = byId("notice", HTMLElement);
  notice.textContent = sentence;
  notice.hidden = sentence === "";
}

export function announce(sentence: string): void {
  const place = byId("announcement", HTMLElement);
  const isSameMoment = performance.now() - announcedMs < TOGETHER_MS;
  const before = isSameMoment && sentence !== "" ? place.textContent : "";
  announcedMs = performance.now();
  place.textContent = `${before} ${sentence}`.trim();
}
