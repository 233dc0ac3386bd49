import { expect } from "chai";
import { digestFrom } from "../../src/abi/digest.js";
import { ZERO_ADDRESS } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import type { GatewaySigner } from "../../src/gateway/gatewaySigner.js";
import {
  eachObserver,
  watchedAnswerSigner,
  watchedSigner,
  type WorkObserver,
} from "../../src/observe/watch.js";
import { workCounts } from "../../src/observe/workCounts.js";
import { expectError, expectRejection } from "../expectError.js";

const DIGEST = digestFrom(new Uint8Array(32));
const outage = new SignpostError("UNREACHABLE", "The signer did not answer; look for it.");

describe("observe/watch", () => {
  let seen: unknown[];
  const observer: WorkObserver = (work) => {
    seen.push(`${work} begins`);
    return (failure) => seen.push(failure ?? `${work} ends`);
  };
  const watched = (signDigest: () => unknown) =>
    watchedSigner({ address: ZERO_ADDRESS, signDigest } as GatewaySigner, observer);

  beforeEach(() => {
    seen = [];
  });

  it("passes on what is answered, with a promise and without, and tells when", async () => {
    const signature = new Uint8Array(65).fill(7);
    expect(watched(() => signature).signDigest(DIGEST)).to.equal(signature);
    expect(seen).to.deep.equal(["sign begins", "sign ends"]);

    let settle: (signature: Uint8Array) => void = () => undefined;
    const later = new Promise<Uint8Array>((resolve) => (settle = resolve));
    const answer = watched(() => later).signDigest(DIGEST);
    expect(seen.slice(2)).to.deep.equal(["sign begins"]);
    settle(signature);
    expect(await answer).to.equal(signature);
    expect(seen.slice(2)).to.deep.equal(["sign begins", "sign ends"]);
  });

  it("passes on what fails, and tells by what", async () => {
    const throwing = watched(() => {
      throw outage;
    });
    expectError(() => throwing.signDigest(DIGEST), "UNREACHABLE", /did not answer/);
    const rejecting = watched(() => Promise.reject(outage));
    await expectRejection(
      Promise.resolve(rejecting.signDigest(DIGEST)),
      "UNREACHABLE",
      /did not answer/,
    );
    expect(seen).to.deep.equal(["sign begins", outage, "sign begins", outage]);
  });

  it("tells of a signature in its turn when that has come, and of one that gets no turn", async () => {
    const signature = new Uint8Array(65).fill(7);
    let letGoOn: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => (letGoOn = resolve));
    const bounded = watchedSigner(
      {
        address: ZERO_ADDRESS,
        signDigest: () => Promise.reject(outage),
        signInTurn: async (makeDigest) => {
          await turn;
          return makeDigest() === null ? null : signature;
        },
      },
      observer,
    );
    const signed = bounded.signInTurn!(() => DIGEST);
    const nothing = bounded.signInTurn!(() => null);
    expect(seen).to.deep.equal([]);
    letGoOn();
    expect([await signed, await nothing]).to.deep.equal([signature, null]);
    expect(seen).to.deep.equal(["sign begins", "sign ends"]);

    const refusing = watchedSigner(
      {
        address: ZERO_ADDRESS,
        signDigest: () => Promise.reject(outage),
        signInTurn: () => Promise.reject(outage),
      },
      observer,
    );
    await expectRejection(
      refusing.signInTurn!(() => DIGEST),
      "UNREACHABLE",
      /did not answer/,
    );
    expect(seen.slice(2)).to.deep.equal(["sign begins", outage]);
  });

  it("tells of each answer of a signer for many", async () => {
    const field = new Uint8Array(145);
    const answers = watchedAnswerSigner({ signAnswer: () => Promise.resolve(field) }, observer);
    expect(await answers.signAnswer(DIGEST, true)).to.equal(field);
    expect(seen).to.deep.equal(["sign begins", "sign ends"]);
  });

  it("tells several", () => {
    eachObserver(observer, observer)("sign")(undefined);
    expect(seen).to.deep.equal(["sign begins", "sign begins", "sign ends", "sign ends"]);
  });

  it("counts failures of ours, and no client's mistake found inside", () => {
    const counts = workCounts((code) => code !== "NAME_TAKEN");
    const failures = [
      outage,
      outage,
      new SignpostError("NAME_TAKEN", "Take another.", { name: "a.eth" }),
      new Error(),
    ];
    for (const failure of failures) counts.observer("change_names")(failure);
    counts.observer("change_names")(undefined);
    expect([...counts.failures()]).to.deep.equal([
      { work: "change_names", code: "UNREACHABLE", count: 2 },
      { work: "change_names", code: "INTERNAL", count: 1 },
    ]);
    expect([...counts.durations()].map(([work, { count }]) => [work, count])).to.deep.equal([
      ["change_names", 5],
    ]);
  });
});
