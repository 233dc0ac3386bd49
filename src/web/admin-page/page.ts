/** THE MAIN FLOW of the page: who is signed in, where they are, and the view of it. */
import type { Client } from "../../sdk/index.js";
import { byId, element } from "../page-parts/dom.js";
import { endAtService } from "./credentials.js";
import { announce, focusHeading, frameNotice, frameSignedIn, frameView } from "./frame.js";
import { watchIdle } from "./idle.js";
import { placeOf } from "./place.js";
import { stateBox } from "./readPart.js";
import { clientOf } from "./serviceClient.js";
import { forget, keep, LONGEST_IDLE_MS, readKept, type SignedIn } from "./signedIn.js";
import { signInForm } from "./signInForm.js";
import { titleOf, viewOf } from "./views.js";

interface Person {
  readonly signedIn: SignedIn;
  readonly client: Client;
  readonly staysInTab: boolean;
}

const IDLE = "You were signed out after 15 minutes without a touch.";
const OVER = "Your key or session does not count any more. Sign in again to go on where you were.";
const LEFT = "You are signed out.";
const NOT_TOLD =
  "You are signed out here, but the service could not be told. The session ends by itself within an hour.";

const storage = storageOrNull();
let person: Person | null = null;
/** Of the view that is shown. */
let viewing = new AbortController();

const signIn = signInForm((signedIn, staysInTab) => {
  signIn.hide();
  if (staysInTab) keep(storage, signedIn, Date.now());
  enter(signedIn, staysInTab);
}, announce);
const idle = watchIdle(
  LONGEST_IDLE_MS,
  () => {
    void leave(IDLE);
  },
  () => {
    if (person?.staysInTab) keep(storage, person.signedIn, Date.now());
  },
);

window.addEventListener("hashchange", () => {
  frameNotice("");
  show();
});
byId("sign-out", HTMLButtonElement).addEventListener("click", () => {
  void leave(LEFT);
});
byId("skip", HTMLButtonElement).addEventListener("click", focusHeading);
begin();

function begin(): void {
  const kept = readKept(storage, Date.now());
  if (kept === null) signIn.show("");
  else if (!kept.isOver) enter(kept.signedIn, true);
  else {
    forget(storage);
    void endAtService(kept.signedIn);
    signIn.show(IDLE);
  }
}

function enter(signedIn: SignedIn, staysInTab: boolean): void {
  person = { signedIn, client: clientOf(signedIn.apiKey), staysInTab };
  idle.start();
  frameSignedIn(signedIn);
  show();
}

/** By the person, or because nobody is there: the session ends at the service as well. */
async function leave(notice: string): Promise<void> {
  const signedIn = signOut(notice);
  if (signedIn === null || (await endAtService(signedIn))) return;
  // unless somebody has signed in meanwhile
  if (person === null) signIn.show(NOT_TOLD);
}

/**
 * The service does not take the key or session any more; the page asks it and not its own clock, which may be wrong. The
 * URL stays, and so the view that is come back to.
 */
function over(): void {
  signOut(OVER);
}

function signOut(notice: string): SignedIn | null {
  if (person === null) return null;
  const { signedIn } = person;
  person = null;
  viewing.abort();
  idle.stop();
  forget(storage);
  frameSignedIn(null);
  signIn.show(notice);
  return signedIn;
}

/** The view of the URL, read anew. */
function show(): void {
  viewing.abort();
  if (person === null) return;
  viewing = new AbortController();
  const { signedIn, client } = person;
  const parts = byId("parts", HTMLElement);
  const place = placeOf(location.hash);
  if (place === null) {
    frameView(null, "No such view");
    const names = element("a", { href: "#/names" }, "Go to the names");
    parts.replaceChildren(
      stateBox("absent", "There is no such view", element("p", {}, "The link is wrong. ", names)),
    );
    return;
  }
  frameView(place.view, titleOf(place));
  const scene = {
    ...{ client, signedIn, signal: viewing.signal, announce, signedOut: over },
    showAgain: (notice: string) => {
      frameNotice(notice);
      show();
      announce(notice);
    },
  };
  parts.replaceChildren(...viewOf(place, scene));
}

/** Null where the browser lets the page keep nothing. */
function storageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
