/**
 * Every exchange that was recorded from dm3's reference resolver, sent to the service in the same order. What comes back
 * is what the reference said, but for what docs/dm3-api.md lists, and there exactly what it says.
 */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import recording from "../../vectors/http-resolver.json" with { type: "json" };
import { type Dm3Service, openDm3Service, type RawAnswer } from "./openDm3Service.js";

const PAGE = new URL("../../../docs/dm3-api.md", import.meta.url);

interface Difference {
  readonly exchange: string;
  readonly reference: string;
  readonly ours: string;
  readonly why: string;
}

describe("http: dm3's API, beside the recording of the reference", () => {
  let http: Dm3Service;
  let listed: readonly Difference[];
  const answers = new Map<string, RawAnswer>();

  before(async () => {
    listed = differencesIn(await readFile(PAGE, "utf8"));
    http = await openDm3Service();
    for (const { name, method, path, requestBody } of recording.exchanges) {
      const answer = method === "GET" ? http.get(path) : http.post(path, requestBody);
      answers.set(name, await answer);
    }
  });
  after(() => http.stop());

  for (const { name, status, contentType, body } of recording.exchanges) {
    it(name, () => {
      const answer = answers.get(name);
      const reference = { status, contentType, body };
      const difference = listed.find(({ exchange }) => exchange === name);
      if (!difference) {
        expect(answer).to.deep.equal(reference);
        return;
      }
      expect(answer).not.to.deep.equal(reference);
      expect(difference.reference).to.equal(shown(reference));
      expect(difference.ours).to.equal(shown(answer!));
      expect(difference.why).to.match(/^[A-Z].{20,}$/);
    });
  }

  it("differs in nothing that was not recorded, and the operator is told of nothing", () => {
    const recorded = recording.exchanges.map(({ name }) => name);
    expect(recorded).to.have.length(44);
    expect(new Set(recorded)).to.have.length(44);
    expect(recorded).to.include.members(listed.map(({ exchange }) => exchange));
    expect(listed).to.have.length.above(5);
    expect(http.failures).to.deep.equal([]);
  });
});

/** The rows of the page's table of exchanges. */
function differencesIn(page: string): Difference[] {
  const [, behind = ""] = page.split("<!-- compared with the recording -->");
  const [table = ""] = behind.split("\n## ");
  const rows = table.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => {
    const [, exchange = "", reference = "", ours = "", why = ""] = row
      .split("|")
      .map((cell) => cell.trim());
    return { exchange: exchange.replaceAll("`", ""), reference, ours, why };
  });
}

/** An answer as the page writes it: without runs of zeros and ids, and long ones by their ends. */
function shown({ status, body }: RawAnswer): string {
  if (body === "") return String(status);
  const line = body
    .replace(/\s+/g, " ")
    .replace(/0{6,}/g, "…")
    .replace(/"requestId":"[^"]+"/, '"requestId":"…"')
    .trim();
  return `${status} \`${line.length > 100 ? `${line.slice(0, 50).trim()} … ${line.slice(-40).trim()}` : line}\``;
}
