import { expect } from "chai";
import fc from "fast-check";
import { readSubmitAnswer, type SubmitAnswer } from "../../src/sending/submitAnswer.js";

const read = (status: number, body: string) =>
  readSubmitAnswer(status, new TextEncoder().encode(body));

const rpc = (error: object) => JSON.stringify({ jsonrpc: "2.0", id: 1, error });

const ANSWERS: readonly (readonly [number, string, SubmitAnswer["kind"], string?])[] = [
  [200, "OK", "accepted"],
  [200, '{"jsonrpc":"2.0","id":1,"result":"OK"}', "accepted"],
  [200, '{"jsonrpc":"2.0","id":1,"result":true}', "accepted"],
  [200, '{"jsonrpc":"2.0","id":1,"result":false}', "unreachable"],
  [200, rpc({ code: -32005, message: "Limit exceeded" }), "later", "limit"],
  [200, "OK!", "unreachable"],
  [200, "<html>OK</html>", "unreachable"],
  [200, "{}", "unreachable"],
  [204, "", "unreachable"],
  [400, '{"error":"invalid schema"}', "other-hash-field"],
  [400, rpc({ code: -32602, message: "invalid schema" }), "other-hash-field"],
  [400, "", "sign-again", "unnamed"],
  [400, "Error parsing envelop", "sign-again", "unnamed"],
  [400, "<html></html>", "unreachable"],
  [400, rpc({ code: -32602, message: "x", data: { code: "NOT_FOR_THIS_KEY" } }), "sign-again"],
  [400, rpc({ code: -32005, message: "x", data: { code: "MAILBOX_FULL" } }), "later", "limit"],
  [400, rpc({ code: -32001, message: "unknown user" }), "later", "no-account"],
  [400, rpc({ code: -32050, message: "Spam" }), "refused", "unwanted"],
  [400, rpc({ code: -32051, message: "Too big" }), "refused", "too-large"],
  [400, rpc({ code: -32000, message: "x", data: { code: "__proto__" } }), "refused", "unnamed"],
  [400, '{"error":"no idea"}', "refused", "unnamed"],
  [405, '{"error":"Method not allowed"}', "refused", "unnamed"],
  [413, "<html></html>", "refused", "too-large"],
  [429, "", "later", "limit"],
  [408, "", "unreachable"],
  [500, rpc({ code: -32603, message: "x", data: { code: "UNWANTED" } }), "unreachable"],
  [503, '{"error":"invalid schema"}', "unreachable"],
];

describe("what a relay node's answer means", () => {
  for (const [status, body, kind, reason] of ANSWERS) {
    it(`${status} ${body.slice(0, 70)}: ${kind}${reason === undefined ? "" : `, ${reason}`}`, () => {
      const answer = read(status, body);
      expect(answer.kind).to.equal(kind);
      if (reason !== undefined) expect(answer).to.include({ reason });
    });
  }

  it("ends a sentence of the relay node's once", () => {
    const said = (text: string) => read(400, rpc({ code: -32003, message: text }));
    expect(said("Nobody is here.")).to.include({
      sentence: "The relay node refused it: Nobody is here.",
    });
    expect(said("Too large")).to.include({ sentence: "The relay node refused it: Too large." });
  });

  it("is accepted for nothing else, and shows a stranger's text on one line", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.string({ unit: "grapheme" }),
        (status, text) => {
          const answer = read(status, rpc({ code: 1, message: text }));
          expect(answer.kind).not.to.equal("accepted");
          if ("sentence" in answer) expect(answer.sentence).not.to.match(/[\p{C}\p{Zl}\p{Zp}]/u);
        },
      ),
    );
  });
});
