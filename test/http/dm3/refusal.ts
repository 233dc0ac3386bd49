/** What dm3's API says when it is asked for what nobody may have. */
import { expect } from "chai";
import type { RawAnswer } from "./openDm3Service.js";

export const NO_ALIAS = "Could not create alias";
export const NO_REMOVAL = "Couldn't remove profile";
export const NO_ADDRESS = "Couldn't get address";
export const NO_PROFILE = "Could not find profile";
export const WRONG = "signature invalid";

export async function agreed(answer: Promise<RawAnswer>): Promise<void> {
  expect((await answer).body).to.equal("OK");
}

/** With exactly this text, or one that matches. */
export async function refused(answer: Promise<RawAnswer>, error: string | RegExp): Promise<void> {
  const { status, body } = await answer;
  expect(status, body).to.equal(400);
  const told = JSON.parse(body) as { error: string };
  expect(Object.keys(told)).to.deep.equal(["error"]);
  if (typeof error === "string") expect(told.error).to.equal(error);
  else expect(told.error).to.match(error);
}
