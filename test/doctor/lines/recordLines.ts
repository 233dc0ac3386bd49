import { expect } from "chai";
import { sameBytes } from "../../../src/abi/bytes.js";
import { encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import {
  addr,
  addrOfCoin,
  contenthash,
  multicall,
  text,
} from "../../../src/ens/resolverFunctions.js";
import { expectOnly, lineOf } from "../diagnosis.js";
import { ALICE, type Asked, type Bend, innerCall, type Ward } from "../ward.js";

export function recordLines(ward: () => Ward): void {
  /** Signs `result` instead, for the inner calls that `isMeant` picks. */
  const answering = (isMeant: (asked: Asked) => boolean, result: Uint8Array): Bend => {
    return (sent, asked) => {
      if (asked.method === "POST" && isMeant(asked)) ward().resign(sent, asked, { result });
    };
  };
  const ofStranger = (selector: string) => (asked: Asked) => {
    const inner = innerCall(asked);
    return inner.name.includes("doctor-") && inner.selector === selector;
  };
  const ofUnusedKey = (asked: Asked) => {
    const { selector, call } = innerCall(asked);
    return selector === text.selector && text.decodeInput(call)[1].startsWith("doctor.");
  };
  const nothing = new Uint8Array();

  const absent: [id: string, isMeant: (asked: Asked) => boolean][] = [
    ["absent-text", ofStranger(text.selector)],
    ["absent-addr", ofStranger(addr.selector)],
    ["absent-addr-coin", ofStranger(addrOfCoin.selector)],
    ["absent-contenthash", ofStranger(contenthash.selector)],
    ["absent-key", ofUnusedKey],
  ];
  for (const [id, isMeant] of absent) {
    it(`${id}: a bare 0x`, async () => {
      ward().bend(answering(isMeant, nothing));
      expectOnly(await ward().examine(), id, "failed", /with a bare 0x/);
    });
  }

  it("absent-addr-coin: 20 zero bytes, the fault of the reference gateway", async () => {
    const zero = addrOfCoin.encodeOutput(new Uint8Array(20));
    ward().bend(answering(ofStranger(addrOfCoin.selector), zero));
    const line = expectOnly(await ward().examine(), "absent-addr-coin", "failed", /20 zero bytes/);
    expect(line.advice).to.match(/reference gateway's fault/);
  });

  it("absent-text: bytes that are no text, a 404, and a default that is no fault", async () => {
    const isMeant = ofStranger(text.selector);
    ward().bend(answering(isMeant, new Uint8Array(32).fill(255)));
    expectOnly(await ward().examine(), "absent-text", "failed", /32 bytes that do not decode/);
    ward().bend((sent, asked) => {
      if (isMeant(asked)) Object.assign(sent, { status: 404, body: '{"message":"no such name"}' });
    });
    const line = expectOnly(await ward().examine(), "absent-text", "failed", /404: no such name/);
    expect(line.advice).to.match(/an outage, not that there is no record/);
    ward().bend(answering(isMeant, text.encodeOutput("https://example.com/anybody.png")));
    expectOnly(await ward().examine(), "absent-text", "passed", /not absent: text has the value/);
  });

  it("unknown-function: HTTP 400, where ethers stops", async () => {
    const known: string[] = [addr, addrOfCoin, text, contenthash, multicall].map((f) => f.selector);
    ward().bend((sent, asked) => {
      if (asked.method !== "POST" || known.includes(innerCall(asked).selector)) return;
      Object.assign(sent, { status: 400, body: '{"message":"unknown function"}' });
    });
    const line = expectOnly(
      await ward().examine(),
      "unknown-function",
      "warning",
      /HTTP 400: unknown/,
    );
    expect(line.advice).to.match(/ethers stops.*UnsupportedResolverProfile/);
  });

  it("multicall: too few results, other results, none", async () => {
    const isMeant = (asked: Asked) => innerCall(asked).selector === multicall.selector;
    const empty = text.encodeOutput("");
    ward().bend(answering(isMeant, multicall.encodeOutput([empty])));
    expectOnly(await ward().examine(), "multicall", "failed", /3 calls have 1 results/);
    const wrong = addr.encodeOutput(addressFrom(new Uint8Array(20).fill(7)));
    ward().bend(answering(isMeant, multicall.encodeOutput([wrong, empty, empty])));
    expectOnly(await ward().examine(), "multicall", "failed", /1 of 3 records differ/);
    ward().bend((sent, asked) => {
      if (isMeant(asked)) sent.status = 500;
    });
    expectOnly(await ward().examine(), "multicall", "failed", /HTTP 500/);
  });

  it("universal-single: the gateway minds who asks; no contract there; none known", async () => {
    const universal = ward().world.ens.universalResolver.toLowerCase();
    ward().bend((sent, asked) => {
      if (asked.sender === universal) sent.status = 403;
    });
    const minds = await ward().examine();
    expectOnly(
      minds,
      "universal-single",
      "failed",
      /brings no result: the gateway answers HTTP 403/,
    );
    ward().bend(() => undefined);
    const nobody = { universalResolver: `0x${"12".repeat(20)}` };
    expectOnly(
      await ward().examine(ALICE, nobody),
      "universal-single",
      "failed",
      /no contract at 0x1212/,
    );
  });

  it("universal-single, universal-multicall: other records than from the resolver", async () => {
    const universal = ward().world.ens.universalResolver.toLowerCase();
    const asks = (selector: string) => (asked: Asked) =>
      asked.sender === universal && innerCall(asked).selector === selector;
    const wrong = addr.encodeOutput(addressFrom(new Uint8Array(20).fill(7)));
    ward().bend(answering(asks(addr.selector), wrong));
    expectOnly(await ward().examine(), "universal-single", "failed", /is another than from/);
    const empty = text.encodeOutput("");
    const several = multicall.encodeOutput([wrong, empty, empty]);
    ward().bend(answering(asks(multicall.selector), several));
    expectOnly(await ward().examine(), "universal-multicall", "failed", /1 of 3 records differ/);
  });

  const isText = (name: string, key: string) => (asked: Asked) => {
    const { selector, call } = innerCall(asked);
    if (selector !== text.selector) return false;
    const [node, asksFor] = text.decodeInput(call);
    return asksFor === key && sameBytes(node, namehash(name));
  };

  it("profile: somebody else's, and none", async () => {
    const [, bob] = ward().world.people;
    const record = text.encodeOutput(encodeProfileRecord(bob!.signedUserProfile));
    ward().bend(answering(isText(ALICE, "network.dm3.profile"), record));
    expectOnly(await ward().examine(), "profile", "failed", /fails the check "wallet-signature"/);
    ward().bend(answering(isText(ALICE, "network.dm3.profile"), text.encodeOutput("")));
    const silent = ["relay-nodes"];
    const none = await ward().examine();
    expectOnly(none, "profile", "skipped", /publishes no DM3 profile/, { silent });
  });

  it("relay-nodes: one of two is lost, and both", async () => {
    const key = "network.dm3.deliveryService";
    const first = isText("relay.users.example.eth", key);
    const second = isText("fallback-relay.users.example.eth", key);
    ward().bend(answering(first, text.encodeOutput("")));
    const one = await ward().examine();
    expectOnly(one, "relay-nodes", "warning", /1 of 2 do not resolve. relay\.users/);
    expect(lineOf(one, "relay-nodes").advice).to.match(/go to fallback-relay\.users/);
    ward().bend(answering((asked) => first(asked) || second(asked), text.encodeOutput("")));
    expectOnly(await ward().examine(), "relay-nodes", "failed", /none resolves/);
  });
}
