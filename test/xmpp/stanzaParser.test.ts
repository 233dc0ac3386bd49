import { expect } from "chai";
import { STREAM_NS } from "../../src/xmpp/namespaces.js";
import { stanzaParser } from "../../src/xmpp/stanzaParser.js";
import { expectError } from "../expectError.js";

const HEADER = `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='${STREAM_NS}' id='1'>`;

/** Parses the pieces one after the other; what happened, as text. */
function happenings(pieces: readonly (string | Buffer)[], longest?: number): string[] {
  const happened: string[] = [];
  const parser = stanzaParser(
    {
      opened: (header) => happened.push(`opened ${String(header.attrs["id"])}`),
      stanza: (stanza) => happened.push(stanza.toString()),
      closed: () => happened.push("closed"),
    },
    longest,
  );
  for (const piece of pieces) parser.write(Buffer.from(piece));
  return happened;
}

describe("the parser of a stream", () => {
  const text = "<message id='1'><body>ü &lt;&#x1F600;&amp; 𝄞</body><a/></message>";
  const all = Buffer.from(`${HEADER}${text} <iq/></stream:stream>`);
  const expected = [
    "opened 1",
    '<message id="1"><body>ü &lt;😀&amp; 𝄞</body><a/></message>',
    "<iq/>",
    "closed",
  ];

  it("gives the same however the bytes come", () => {
    expect(happenings([all])).to.deep.equal(expected);
    for (let at = 1; at < all.length; at++) {
      expect(happenings([all.subarray(0, at), all.subarray(at)])).to.deep.equal(expected);
    }
    expect(happenings([...all].map((byte) => Buffer.of(byte)))).to.deep.equal(expected);
  });

  it("knows namespaces that the stream declares", () => {
    const namespaces: (string | undefined)[] = [];
    const parser = stanzaParser({
      opened: () => undefined,
      stanza: (stanza) => namespaces.push(stanza.getNS(), stanza.getChild("a")?.getNS()),
      closed: () => undefined,
    });
    parser.write(Buffer.from(`${HEADER}<stream:error><a xmlns='urn:x'/></stream:error>`));
    expect(namespaces).to.deep.equal([STREAM_NS, "urn:x"]);
  });

  it("ends at a stanza that is too long, whether it is one text or many elements", () => {
    const piece = Buffer.alloc(500, "x");
    const pieces = Array.from({ length: 10 }, () => piece);
    const tooLong = /a stanza over 2000 bytes/;
    expectError(() => happenings([HEADER, "<a>", ...pieces], 2_000), "UNREACHABLE", tooLong);
    const elements = pieces.map(() => "<b/>".repeat(125));
    expectError(() => happenings([HEADER, "<a>", ...elements], 2_000), "UNREACHABLE", tooLong);
    expectError(() => happenings([HEADER, "<a b='", ...pieces], 2_000), "UNREACHABLE", tooLong);
    // many short ones are as good as none
    const short = Array.from({ length: 50 }, () => `<a>${"x".repeat(400)}</a>`);
    expect(happenings([HEADER, ...short], 2_000)).to.have.length(51);
  });

  it("ends at elements that are too deep, and at what is no XML", () => {
    const deep = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
    expect(happenings([HEADER, deep(64)])).to.have.length(2);
    expectError(() => happenings([HEADER, deep(65)]), "UNREACHABLE", /more than 64 deep/);
    expectError(() => happenings([HEADER, "<a>&unknown;</a>"]), "UNREACHABLE", /is no XML/);
    expectError(() => happenings([HEADER, "<a></b>"]), "UNREACHABLE", /match no start tag/);
  });
});
