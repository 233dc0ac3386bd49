import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import { sha256OfText } from "../../src/abi/sha256.js";
import type { NormalName } from "../../src/ens/normalize.js";
import type { ErrorCode } from "../../src/errors.js";
import type { Submission } from "../../src/messaging/network.js";
import { raised } from "../../src/sending/outgoingMessage.js";
import { expectRejection } from "../expectError.js";
import {
  BOB_AT_CHAT,
  bobsLink,
  bobsSubmission,
  type GatewayWorld,
  openGatewayWorld,
  RELAY_NODE,
} from "./gatewayWorld.js";

const FAR_MS = 4_000_000_000_000;

describe("messaging: submitting", () => {
  let world: GatewayWorld;
  let given: Submission;
  before(async () => {
    given = await bobsSubmission();
  });
  beforeEach(async () => {
    world = await openGatewayWorld();
    await world.gateway.events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(world.relay.clock.nowMs)));
    // a link has its ends told, and there are none yet
    await world.gateway.idle();
  });
  afterEach(() => world.close());

  const submit = (submission: Submission) => world.gateway.events.submitted(submission);
  const refused = (submission: Submission, code: ErrorCode, sentence: RegExp) =>
    expectRejection(submit(submission), code, sentence);
  /** With its own hash. */
  const withEnvelope = (envelope: string): Submission => ({
    ...{ ...given, envelope },
    hash: toHex(sha256OfText(envelope)).slice(2),
  });
  const kept = async () => {
    const [message] = await world.outbox.list();
    return message!;
  };

  it("keeps the same bytes for each of the receiver's relay nodes, once", async () => {
    await submit(given);
    await submit(given);
    const [message, ...others] = await world.outbox.list();
    expect(others).to.deep.equal([]);
    expect(message).to.include({ from: "bob.users.example.eth", to: "alice.eth", given: null });
    const { encryptedMessage, encryptionEnvelops } = JSON.parse(given.envelope) as {
      encryptedMessage: string;
      encryptionEnvelops: { encryptionEnvelop: { metadata: object } }[];
    };
    const own = message?.sealed?.envelopes[RELAY_NODE]?.envelope;
    expect(own).to.deep.equal({
      message: encryptedMessage,
      metadata: encryptionEnvelops[0]!.encryptionEnvelop.metadata,
    });
  });

  it("takes nothing from an address that is not linked", async () => {
    await world.gateway.events.unlinked(BOB_AT_CHAT);
    await refused(given, "NOT_LINKED", /bob@chat\.example is not linked/);
    expect(await world.outbox.list()).to.deep.equal([]);
  });

  it("refuses other bytes than the hash says, and another receiver than the address", async () => {
    const hash = "0".repeat(64);
    await refused({ ...given, hash }, "ENVELOPE_MALFORMED", /hash/);
    const to = "carol.eth" as NormalName;
    await refused({ ...given, to }, "ENVELOPE_MALFORMED", /field to/);
  });

  it("refuses what is no proxy envelope, and what is too long", async () => {
    for (const text of ["", "{", "[]", '"x"', "null", '{"to":"alice.eth"}', "[".repeat(9_999)]) {
      await refused(withEnvelope(text), "ENVELOPE_MALFORMED", /./);
    }
    await refused(withEnvelope("x".repeat(200_000)), "ENVELOPE_TOO_LARGE", /100000 bytes/);
    const proxy = JSON.parse(given.envelope) as object;
    const long = JSON.stringify({ ...proxy, encryptedMessage: "x".repeat(100_001) });
    await refused(withEnvelope(long), "ENVELOPE_TOO_LARGE", /100000 bytes/);
  });

  it("takes 600 a minute of one user", async () => {
    for (let count = 0; count < 600; count++) await submit(given);
    await refused(given, "LIMIT_EXCEEDED", /600 messages a minute/);
    world.relay.clock.nowMs += 60_000;
    await submit(given);
  });

  it("tells its sender's client when it will not arrive, again at each start until that knows", async () => {
    await submit(given);
    const why = { reason: "no-profile", sentence: "alice.eth has no profile." } as const;
    await world.gateway.onCarried(raised(await kept(), "refused", why));
    const end = { to: BOB_AT_CHAT, receiver: "alice.eth", hash: given.hash, ...why };
    expect(world.network.told).to.deep.equal([end]);
    await world.gateway.events.linked(BOB_AT_CHAT, JSON.parse(bobsLink(world.relay.clock.nowMs)));
    await world.gateway.idle();
    await until(() => world.network.told.length === 2);
    await world.gateway.events.endNoted(BOB_AT_CHAT, given.hash);
    expect(await world.stores.submissions.endedSubmissions(BOB_AT_CHAT)).to.deep.equal([]);
  });

  /** As the sender of the outbox does it. */
  async function carried(state: "accepted" | "refused", isTold = true): Promise<void> {
    const [lease] = await world.outbox.lease({ nowMs: world.relay.clock.nowMs, leaseMs: 1_000 }, 1);
    const why = { reason: "no-profile", sentence: "alice.eth has no profile." } as const;
    const after = raised(lease!.message, state, state === "refused" ? why : null);
    const written = await world.outbox.write(lease!, after, null);
    if (isTold) await world.gateway.onCarried(written!);
  }

  it("carries once more what could not be delivered, when its user sends it again", async () => {
    for (let time = 1; time <= 2; time++) {
      await submit(given);
      expect((await kept()).dueMs).to.be.a("number");
      await carried("refused");
      expect(world.network.told).to.have.length(time);
    }
  });

  it("has nothing to do and nothing to tell of what was delivered and is sent again", async () => {
    await submit(given);
    await carried("accepted");
    await submit(given);
    expect(await kept()).to.include({ state: "accepted", dueMs: null });
    expect(await world.stores.submissions.openSubmissions(FAR_MS, null, 1)).to.deep.equal([]);
  });

  it("tells an end that got lost when the process was killed", async () => {
    await submit(given);
    await carried("refused", false);
    await world.gateway.findLostEnds();
    expect(world.network.told, "younger than a minute").to.deep.equal([]);
    world.relay.clock.nowMs = Date.now() + 120_000;
    await world.gateway.findLostEnds();
    await world.gateway.findLostEnds();
    expect(world.network.told.map(({ hash }) => hash)).to.deep.equal([given.hash]);
  });

  it("refuses more of a user when too much of theirs waits", async () => {
    const { pool } = world.relay.database;
    await pool.query(
      `insert into ${world.stores.tables.submission} (native, hash, receiver)
       select 'bob@chat.example', sha256(n::text::bytea), 'alice.eth' from generate_series(1, 1000) n`,
    );
    await refused(given, "LIMIT_EXCEEDED", /wait here/);
    expect(await world.outbox.list()).to.deep.equal([]);
  });

  it("tells nothing of what a relay node took", async () => {
    await submit(given);
    await world.gateway.onCarried(raised(await kept(), "accepted"));
    expect(world.network.told).to.deep.equal([]);
    expect(await world.stores.submissions.endedSubmissions(BOB_AT_CHAT)).to.deep.equal([]);
  });

  it("keeps the end of a submission for later where nobody can be told now", async () => {
    await submit(given);
    world.network.connected = false;
    const why = { reason: "unreachable", sentence: "Nobody answered." } as const;
    await world.gateway.onCarried(raised(await kept(), "expired", why));
    expect(world.network.told).to.deep.equal([]);
    const [ended] = await world.stores.submissions.endedSubmissions(BOB_AT_CHAT);
    expect(ended).to.include(why);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !holds(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(holds()).to.equal(true);
}
