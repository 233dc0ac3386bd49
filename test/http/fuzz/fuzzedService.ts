/** A service with one user in it, and what must be true of each of its answers, whatever it was sent. */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import type fc from "fast-check";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { verifyAnswer } from "../../gateway/ensRequest.js";
import { profilesOf } from "../../registry/openRegistry.js";
import { expectListedRefusals } from "../listedRefusals.js";
import {
  type Answer,
  DOMAIN,
  openTestService,
  RESOLVER,
  SIGNER,
  type TestService,
} from "../openTestService.js";

export const ALICE = `alice.${DOMAIN}`;

export interface FuzzedService {
  readonly http: TestService;
  readonly wallet: HDNodeWallet;
  readonly signed: SignedUserProfile;
  /** How many answers were signed, and how many refused, since the service was opened. */
  readonly tally: { signed: number; refused: number };
  /** Asks by POST: a refusal with a sentence, or a signature for exactly this request. */
  readonly lookUp: (request: string) => Promise<void>;
  /** The same of an answer that came by another way than a plain POST. */
  readonly expectAnswered: (request: string, answer: Answer) => void;
}

/** One thing that holds for all inputs; `npm test` tries some, `npm run fuzz` many. */
export interface FuzzProperty {
  readonly title: string;
  readonly runsInTest: number;
  /** Of all answers, the least and the most that are signed: neither the check of signatures nor that of refusals is idle. */
  readonly signedShare?: readonly [least: number, most: number];
  readonly of: (service: FuzzedService) => fc.IAsyncProperty<unknown>;
}

export async function openFuzzedService(): Promise<FuzzedService> {
  const http = await openTestService();
  const wallet = Wallet.createRandom();
  const [signed] = (await profilesOf(wallet, 1)) as [SignedUserProfile];
  const body = { address: wallet.address, signedUserProfile: signed };
  expect(await http.v1("PUT", `/names/${ALICE}/profile`, body)).to.include({ status: 201 });
  const tally = { signed: 0, refused: 0 };
  const expectAnswered = (request: string, answer: Answer) => {
    if (answer.status !== 200) {
      tally.refused++;
      expectSentence(answer);
      return;
    }
    tally.signed++;
    const verified = verifyAnswer(String(answer.body["data"]), { target: RESOLVER, request });
    expect(verified.signer, request).to.equal(SIGNER);
  };
  return {
    http,
    wallet,
    signed,
    tally,
    expectAnswered,
    lookUp: async (request) => {
      expectAnswered(request, await http.ccip(request));
    },
  };
}

/** Refused as the client's mistake, in words. */
export function expectSentence({ status, body }: Answer): void {
  expect(status, JSON.stringify(body)).to.be.oneOf([400, 403, 404, 409, 413, 422]);
  expect(body["message"]).to.match(/^[^]{20,}$/);
}

/** What was signed among the answers of `property` is neither nothing nor everything; and no 5xx was told of. */
export function expectUsefulRun({ title, signedShare }: FuzzProperty, service: FuzzedService) {
  expect(service.http.failures).to.deep.equal([]);
  expectListedRefusals();
  const { signed, refused } = service.tally;
  service.tally.signed = service.tally.refused = 0;
  if (signedShare) expect(signed / (signed + refused), title).to.be.within(...signedShare);
}
