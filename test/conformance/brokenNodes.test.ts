/** Each check has a relay node that does only this wrong, and the line says what. */
import { expect } from "chai";
import { examineRelayNode } from "../../src/conformance/examineRelayNode.js";
import type { Line } from "../../src/doctor/line.js";
import { expectOnly } from "../doctor/diagnosis.js";
import { openRelayService, type RelayService } from "../http/relay/openRelayService.js";
import { type BentNode, openBentNode } from "./bentNode.js";
import { type Fault, FAULTS_FOR_OWNERS, FAULTS_FOR_STRANGERS } from "./faults.js";
import { JUDGED_ALONE } from "./judgedAlone.js";
import { examineWithAccounts } from "./nodeUnderTest.js";

const MINUTES_MS = 5 * 60_000;

/** The accounts were there before, after the first examination. */
const USED = ["sign-up-token"];

const silentOf = ({ silent = [] }: Fault, lines: readonly Line[]) =>
  silent === "all" ? lines.map(({ id }) => id) : silent;

describe("conformance: relay nodes with one fault each", () => {
  let own: RelayService;
  let node: BentNode;
  let withoutAccounts: readonly string[];

  before(async () => {
    own = await openRelayService();
    node = await openBentNode(own.url);
    const lines = await examineRelayNode(node.url, { allowLoopback: true });
    withoutAccounts = lines.filter(({ status }) => status === "skipped").map(({ id }) => id);
  });
  beforeEach(() => {
    node.straighten();
    // what was refused a while ago does not count any more
    own.clock.nowMs += MINUTES_MS;
  });
  after(async () => {
    await node.close();
    await own.stop();
  });

  function bend({ bend, answer, live }: Fault): void {
    Object.assign(node, {
      ...(bend && { bend }),
      ...(answer && { answer }),
      ...(live && { live }),
    });
  }

  for (const fault of FAULTS_FOR_STRANGERS) {
    it(`${fault.id}: ${fault.seen.source}`, async () => {
      bend(fault);
      const lines = await examineRelayNode(node.url, { allowLoopback: true });
      const silent = [...withoutAccounts, ...silentOf(fault, lines)];
      expectOnly(lines, fault.id, fault.status, fault.seen, { silent });
    });
  }

  for (const make of FAULTS_FOR_OWNERS) {
    const { id, seen } = make();
    it(`${id}: ${seen.source}`, async function () {
      this.timeout(90_000);
      const fault = make();
      bend(fault);
      const lines = await examineWithAccounts(node.url);
      expectOnly(lines, id, fault.status, seen, {
        silent: [...USED, ...silentOf(fault, lines)],
      });
    });
  }

  it("are there for every check", async () => {
    const tried = [...FAULTS_FOR_STRANGERS, ...FAULTS_FOR_OWNERS.map((make) => make())];
    const ids = new Set(tried.map(({ id }) => id));
    const lines = await examineWithAccounts(node.url);
    const missing = lines.map(({ id }) => id).filter((id) => !ids.has(id));
    expect(missing).to.have.members([...JUDGED_ALONE]);
  });
});
