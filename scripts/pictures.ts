// npm run pictures: docs/pictures/demo.svg and doctor.svg, drawn from what the commands write. Needs util-linux' `script`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { Wallet } from "ethers";
import { connect } from "../src/chain/connection.js";
import { readResolver } from "../src/chain/resolverState.js";
import { moving, still } from "./pictures/drawing.js";
import { record } from "./pictures/recording.js";
import { screenOf } from "./pictures/screen.js";

/** So wide that nearly every line fits into one row. */
const COLUMNS = { demo: 128, doctor: 166 };
const CLI = "node --import tsx src/cli/main.ts";

await drawDemo();
await drawDoctor();

async function drawDemo(): Promise<void> {
  const rows = screenOf(
    await record("node scripts/ready.mjs scripts/demo.ts --once", COLUMNS.demo),
    COLUMNS.demo,
  );
  await save(
    "demo",
    moving({
      title:
        "npm run demo: a chain, ENS, a resolver, the service, relay nodes and users on one machine",
      columns: COLUMNS.demo,
      command: "npm run demo -- --once",
      rows,
    }),
  );
}

/** With a resolver that no longer takes what its gateway signs: the old signer was removed before the gateway was switched. */
async function drawDoctor(): Promise<void> {
  const demo = spawn("node", ["scripts/ready.mjs", "scripts/demo.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await printed(demo.stdout, "press Ctrl-C");
    const { rpcUrl, ensRegistry, universalResolver, resolver } = JSON.parse(
      await readFile(".signpost/demo.json", "utf8"),
    ) as Readonly<Record<"rpcUrl" | "ensRegistry" | "universalResolver" | "resolver", string>>;
    await removeSigner(rpcUrl, resolver);
    const ens = `--registry ${ensRegistry} --universal-resolver ${universalResolver}`;
    const name = "alice.users.example.eth";
    const chunks = await record(`${CLI} doctor ${name} ${ens} --allow-loopback`, COLUMNS.doctor, {
      RPC_URL: rpcUrl,
    });
    await save(
      "doctor",
      still({
        title:
          "signpost doctor: everything from ENS to the gateway is checked; one line failed, and says what to do",
        columns: COLUMNS.doctor,
        command: `npx signpost doctor ${name} $DOCTOR`,
        rows: screenOf(chunks, COLUMNS.doctor),
      }),
    );
  } finally {
    demo.kill("SIGTERM");
    await once(demo, "close");
  }
}

async function removeSigner(rpcUrl: string, resolver: string): Promise<void> {
  const connection = await connect(rpcUrl);
  const { owner, signers } = await readResolver(connection.provider, resolver).finally(() => {
    connection.close();
  });
  const by = `--resolver ${resolver} --rpc ${rpcUrl} --rpc-account ${owner} --yes`;
  await record(
    `${CLI} resolver signers add ${Wallet.createRandom().address} ${by}`,
    COLUMNS.doctor,
  );
  await record(`${CLI} resolver signers remove ${signers[0] ?? ""} ${by}`, COLUMNS.doctor);
}

/** Waits for `text`; what comes later is read as well, so that the program never waits for a reader. */
function printed(stream: Readable, text: string): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    stream.on("data", (piece: Buffer) => {
      output += piece.toString();
      if (output.includes(text)) resolve();
    });
    stream.once("end", () => {
      reject(new Error(`The demo did not print ${text}:\n${output}`));
    });
  });
}

async function save(name: string, picture: string): Promise<void> {
  await writeFile(`docs/pictures/${name}.svg`, picture);
  console.log(`docs/pictures/${name}.svg  ${Math.round(picture.length / 1024)} kB`);
}
