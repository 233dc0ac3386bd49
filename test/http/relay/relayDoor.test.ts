import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect } from "chai";
import { SignpostError } from "../../../src/errors.js";
import { relayDoor } from "../../../src/http/relay/relayDoor.js";
import { noPause } from "../../../src/registry/changes/clock.js";
import { expectError, expectRejection } from "../../expectError.js";

describe("http: what strangers may make the relay node do", () => {
  const clock = { nowMs: 0 };
  const networks = new WeakMap<IncomingMessage, string | null>();
  const from = (network: string | null) => {
    const request = new IncomingMessage(new Socket());
    networks.set(request, network);
    return request;
  };
  const open = () =>
    relayDoor({
      networkOf: (request) => networks.get(request) ?? null,
      pause: noPause,
      nowMs: () => clock.nowMs,
    });
  const refuse = (code: "UNKNOWN_SENDER" | "UNREACHABLE") => () =>
    Promise.reject(
      code === "UNREACHABLE"
        ? new SignpostError(code, "It did not answer.")
        : new SignpostError(code, "Nobody.", { from: "nobody.eth" }),
    );

  it("listens no more to a network that sends invented senders, for a while, and to others it does", async () => {
    const door = open();
    const bad = from("192.0.2.1");
    for (let index = 0; index < 601; index++) {
      await expectRejection(door.asSender(bad, refuse("UNKNOWN_SENDER")), "UNKNOWN_SENDER", /./);
    }
    let looked = 0;
    const look = () => {
      looked++;
      return Promise.resolve("looked");
    };
    const error = await expectRejection(
      door.asSender(bad, look),
      "LIMIT_EXCEEDED",
      /600 refused messages a minute from one network/,
    );
    expect(error.details["retryAfterSec"]).to.equal(1);
    expect(looked).to.equal(0);
    expect(await door.asSender(from("192.0.2.2"), look)).to.equal("looked");
    clock.nowMs += 1_000;
    expect(await door.asSender(bad, look)).to.equal("looked");
  });

  it("blames no sender for what it could not find out, and no network behind which may be everybody", async () => {
    const door = open();
    const good = from("192.0.2.3");
    for (let index = 0; index < 700; index++) {
      await expectRejection(door.asSender(good, refuse("UNREACHABLE")), "UNREACHABLE", /./);
      await expectRejection(
        door.asSender(from(null), refuse("UNKNOWN_SENDER")),
        "UNKNOWN_SENDER",
        /./,
      );
    }
    expect(await door.asSender(good, () => Promise.resolve(1))).to.equal(1);
  });

  it("bounds requests of a network, and new accounts of one and of all", () => {
    const door = open();
    const one = from("192.0.2.4");
    for (let index = 0; index < 6_000; index++) door.count(one);
    expectError(
      () => {
        door.count(one);
      },
      "LIMIT_EXCEEDED",
      /6000 requests a minute/,
    );
    for (let index = 0; index < 600; index++) door.countAccount(one);
    expectError(
      () => {
        door.countAccount(one);
      },
      "LIMIT_EXCEEDED",
      /600 new accounts an hour from one network/,
    );
    door.countAccount(from("192.0.2.5"));
  });
});
