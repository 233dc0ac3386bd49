import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { isSignpostError, SignpostError } from "../../src/errors.js";
import { type Filters, filtersSchema } from "../../src/relay/filters.js";
import { domainOfSender } from "../../src/relay/senderDomain.js";
import { USUAL_BOUNDS } from "../../src/relay/senderLimits.js";
import { submit } from "../../src/relay/submit.js";
import { expectRejection } from "../expectError.js";
import {
  ALICE,
  BOB,
  openRelayWorld,
  personOf,
  type RelayWorld,
  somebody,
  type WorldOptions,
} from "./relayWorld.js";

describe("relay: filters and limits", () => {
  let world: RelayWorld;
  const open: RelayWorld[] = [];
  const openWorld = async (options?: WorldOptions) => {
    world = await openRelayWorld(options);
    open.push(world);
  };
  afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));

  const filtered = async (filters: Partial<Filters>) => {
    expect(
      await world.database.accounts.setFilters(BOB, { blockedSenders: [], ...filters }),
    ).to.equal(true);
  };
  const unwanted = async (sentence: RegExp) =>
    expectRejection(world.submit(await world.write({})), "UNWANTED", sentence);
  const wanted = async () => world.submit(await world.write({}));

  it("keeps from the receiver whom it blocked: by name, by domain, by address", async () => {
    await openWorld();
    for (const blocked of ["alice.eth", "*.alice.eth", toHex(ALICE)]) {
      await filtered({ blockedSenders: [blocked] });
      await unwanted(/takes no messages from this sender/);
    }
    await filtered({ blockedSenders: ["mallory.eth", "*.mallory.eth"] });
    await wanted();
  });

  it("keeps whom lies below a blocked domain at any depth, and nobody beside it", async () => {
    await openWorld();
    const deep = await somebody("a.b.evil.eth", 0x33);
    const from = deep.name;
    world.names.persons.set(from, personOf(deep));
    const send = async () => world.submit(await world.write({ from, keys: deep.keys }));
    for (const blocked of ["*.eth", "*.evil.eth", "*.b.evil.eth", "*.a.b.evil.eth"]) {
      await filtered({ blockedSenders: [blocked] });
      await expectRejection(send(), "UNWANTED", /takes no messages from this sender/);
    }
    await filtered({ blockedSenders: ["evil.eth", "b.evil.eth", "*.c.evil.eth", "*.il.eth"] });
    await send();
  });

  it("asks of senders the balance, nonce and tokens that the receiver wants", async () => {
    await openWorld();
    await filtered({ minBalance: "10" });
    await unwanted(/a balance of at least 10 wei/);
    world.wallet.balance = 10n;
    await wanted();
    await filtered({ minNonce: "3" });
    await unwanted(/sent at least 3 transactions/);
    world.wallet.nonce = 3n;
    await wanted();
    await filtered({ minTokenBalance: { token: `0x${"11".repeat(20)}`, amount: "5" } });
    await unwanted(/at least 5 of the token/);
    world.wallet.token = 5n;
    await wanted();
  });

  it("reads filters strictly", () => {
    const faults: unknown[] = [
      { minBalance: "-1" },
      { minBalance: 1 },
      { minNonce: "0x1" },
      { minTokenBalance: { token: "0x12", amount: "1" } },
      { blockedSenders: ["a\u0000b"] },
      { blockedSenders: Array.from({ length: 1_001 }, (_, index) => `s${index}.eth`) },
      { unknown: true },
    ];
    for (const fault of faults) expect(filtersSchema.safeParse(fault).success).to.equal(false);
    expect(filtersSchema.parse({})).to.deep.equal({ blockedSenders: [] });
  });

  it("counts by name, by domain and by receiver, and tells when to come again", async () => {
    await openWorld({
      senderBounds: { ...USUAL_BOUNDS, ofSenderToReceiver: 3 },
    });
    for (let index = 0; index < 3; index++)
      await world.submit(await world.write({ text: `${index}` }));
    const fourth = await world.write({ text: "4" });
    const error = await expectRejection(
      world.submit(fourth),
      "LIMIT_EXCEEDED",
      /limit of 3 messages/,
    );
    expect(error.details["retryAfterSec"]).to.equal(20);
    world.clock.nowMs += 20_000;
    await world.submit(fourth);
  });

  it("counts a message before the receiver's filters ask the chain, which is dear and may fail", async () => {
    await openWorld({ senderBounds: { ...USUAL_BOUNDS, ofSender: 3 } });
    await filtered({ minBalance: "1" });
    let asked = 0;
    const wallets = {
      ...world.parts.wallets,
      balanceOf: () => {
        asked++;
        return Promise.reject(new SignpostError("UNREACHABLE", "The RPC node did not answer."));
      },
    };
    const codes: string[] = [];
    for (let index = 0; index < 6; index++) {
      const sent = submit({ ...world.parts, wallets }, await world.write({ text: `${index}` }));
      codes.push(await sent.then(() => "kept", codeOf));
    }
    expect(codes).to.deep.equal([
      ...Array<string>(3).fill("UNREACHABLE"),
      ...Array<string>(3).fill("LIMIT_EXCEEDED"),
    ]);
    expect(asked).to.equal(3);
  });

  it("bounds ten thousand names under one wildcard, while others go on", async () => {
    await openWorld({ senderBounds: { ...USUAL_BOUNDS, newNamesOfDomain: 5 } });
    const evil = await somebody("evil.eth", 0x31);
    const verdicts: string[] = [];
    for (let index = 0; index < 8; index++) {
      const from = `n${index}.wild.evil.eth`;
      world.names.persons.set(from, personOf(evil));
      const sent = world.submit(await world.write({ from, keys: evil.keys }));
      verdicts.push(await sent.then(() => "kept", codeOf));
    }
    expect(verdicts.filter((verdict) => verdict === "kept")).to.have.length(5);
    expect(verdicts.at(-1)).to.equal("LIMIT_EXCEEDED");
    await world.submit(await world.write({}));
  });

  it("lets nobody use up what a sender may send, without the sender's key", async () => {
    await openWorld({ senderBounds: { ...USUAL_BOUNDS, ofSender: 2 } });
    const { keys } = await somebody("mallory.eth", 0x32);
    for (let index = 0; index < 5; index++) {
      const forged = await world.write({ keys });
      await expectRejection(world.submit(forged), "WRONG_METADATA_SIGNATURE", /./);
    }
    await world.submit(await world.write({}));
  });

  it("refuses the new when the mailbox is full, by a reason, and drops nothing", async () => {
    await openWorld({ bounds: { mostMessages: 3, mostBytes: 1_000_000 } });
    await world.submit(await world.write({ text: "1" }));
    const second = await world.write({ text: "2" });
    const error = await expectRejection(
      world.submit(second),
      "MAILBOX_FULL",
      /this sender's messages/,
    );
    expect(error.details).to.deep.equal({ of: "sender" });
    expect(await world.mailOfBob()).to.have.length(1);
  });

  it("takes a domain with all below it for one", () => {
    for (const name of ["evil.eth", "a.evil.eth", "a.b.evil.eth"]) {
      expect(domainOfSender(name)).to.equal("*.evil.eth");
    }
    expect(domainOfSender("eth")).to.equal("*.eth");
  });
});

const codeOf = (error: unknown) => (isSignpostError(error) ? error.code : String(error));
