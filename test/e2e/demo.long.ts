/** `npm run demo -- --once`, as a process of its own. */
import { mkdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { getAddress } from "ethers";
import { processesWith, removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { until } from "../embedded-postgres/holder.js";

const CONFIG = new URL("../../hardhat.config.ts", import.meta.url).pathname;

describe("e2e: the demo", function () {
  this.timeout(360_000);
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => removeFolder(folder));

  async function demo(args: readonly string[], settings: Record<string, string> = {}) {
    const program = startProgram("scripts/demo.ts", args, {
      cwd: folder,
      settings: { HARDHAT_CONFIG: CONFIG, ...settings },
    });
    const { exitStatus } = await program.ended;
    // its throw-away Postgres, which bears its process id, ends with it, a moment later
    const mark = `signpost-${String(program.process.pid)}-`;
    await until(async () => (await processesWith(mark)).length === 0, 20_000);
    return { exitStatus, output: program.output() };
  }

  it("resolves a user on screen, leaves connection details and no process, and exits with 0", async () => {
    const { exitStatus, output } = await demo(["--once"]);
    expect(exitStatus, output).to.equal(0);
    for (const step of [
      /ok A chain with ENS/,
      /ok The service, on Postgres/,
      /ok The resolver of users\.example\.eth/,
      /ok Relay node relay\.users\.example\.eth/,
      /ok User alice\.users\.example\.eth/,
      /ethers asks http:\/\/127\.0\.0\.1/,
      /found {2}alice\.users\.example\.eth/,
      /accepted by relay\.users\.example\.eth, .*\n {2}"Hello Bob", signed by alice\.users/,
      /relay\.users\.example\.eth is stopped\n.* accepted by fallback-relay\.users\.example\.eth/,
    ]) {
      expect(output).to.match(step);
    }

    const file = join(folder, ".signpost", "demo.json");
    const details = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const { names, resolver, ensRegistry, universalResolver, ...rest } = details;
    for (const address of [resolver, ensRegistry, universalResolver]) {
      expect(getAddress(String(address))).to.equal(address);
    }
    expect(rest).to.have.all.keys(
      ...["rpcUrl", "chainId", "gatewayUrl", "apiUrl", "relayNode", "apiKey"],
      ...["domain", "practiceDomain"],
    );
    expect(rest["rpcUrl"]).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(rest["apiUrl"]).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(rest["gatewayUrl"]).to.include(String(rest["apiUrl"]));
    expect(String(rest["gatewayUrl"]).toLowerCase()).to.include(String(resolver).toLowerCase());
    expect(rest["chainId"]).to.be.a("number");
    expect(rest["domain"]).to.equal("users.example.eth");
    expect(rest["practiceDomain"]).to.equal("app.example.eth");
    expect(rest["relayNode"]).to.equal("relay.users.example.eth");
    expect(rest["apiKey"]).to.match(/^signpost_/);
    const people = names as { name: string; address: string }[];
    expect(people.length).to.be.at.least(3);
    for (const { name, address } of people) {
      expect(name).to.match(/^[a-z]+\.users\.example\.eth$/);
      expect(getAddress(address)).to.equal(address);
    }
  });

  it("exits with another status when it cannot listen, and says why", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    try {
      await until(() => other.listening, 5_000);
      const { port } = other.address() as AddressInfo;
      const taken = await demo(["--once", "--port", String(port)]);
      expect(taken.exitStatus, taken.output).to.equal(1);
      expect(taken.output).to.match(/demo: Cannot listen on 127\.0\.0\.1:\d+ .*EADDRINUSE/);
      const takenRpc = await demo(["--once", "--rpc-port", String(port)]);
      expect(takenRpc.exitStatus, takenRpc.output).not.to.equal(0);
      expect(takenRpc.output).to.match(/EADDRINUSE/);
    } finally {
      other.close();
    }
  });

  it("exits with another status when the database or the folder cannot be used", async () => {
    const noDatabase = await demo(["--once"], {
      DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/x",
    });
    expect(noDatabase.exitStatus, noDatabase.output).to.equal(1);
    expect(noDatabase.output).to.match(/demo: The database did not answer \(ECONNREFUSED\)/);
    expect(noDatabase.output).not.to.include("hunter2");
    await mkdir(join(folder, ".signpost", "demo.json"), { recursive: true });
    const noFile = await demo(["--once"]);
    expect(noFile.exitStatus).not.to.equal(0);
    expect(noFile.output).to.match(/EISDIR/);
  });
});
