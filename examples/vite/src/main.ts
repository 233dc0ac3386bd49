/** A name from the form, its profile or why there is none, as text. A new question ends the one before. */
import {
  createProfileCache,
  isSignpostError,
  type ProfileOutcome,
  resolveProfile,
} from "signpost-sdk";
import { settings } from "./settings.ts";

const form = document.querySelector("form")!;
const status = document.querySelector("[role=status]")!;
const cache = createProfileCache();
let asking = new AbortController();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void show(String(new FormData(form).get("name")).trim());
});

async function show(name: string): Promise<void> {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  status.textContent = "Looking it up …";
  try {
    const outcome = await resolveProfile(name, { ...settings, cache, signal });
    if (!signal.aborted) status.textContent = textOf(outcome);
  } catch (error) {
    if (signal.aborted) return;
    // the person typed something that is no name
    if (isSignpostError(error, "INVALID_NAME")) status.textContent = error.message;
    else throw error;
  }
}

/** Four outcomes, four meanings: only the first one is a profile to use. */
function textOf(outcome: ProfileOutcome): string {
  switch (outcome.status) {
    case "found":
      return `Encrypt for ${outcome.profile.publicEncryptionKey}, the key of wallet ${outcome.address}.`;
    case "absent":
      return `Not reachable by DM3. ${outcome.sentence}`;
    case "unreachable":
      return `Not known now; try again. ${outcome.sentence}`;
    case "untrusted":
      return `Do not write to this name! ${outcome.sentence}`;
  }
}
