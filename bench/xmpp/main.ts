/**
 * `npm run bench:xmpp`: the gateway beside a bare component of the same XMPP server, archive on, in turns. Injection of envelopes
 * that the relay node accepted before; and the way from a DM3 user to a user of the server and back. Writes its figures into
 * `ratios` of bench/results/latest.json; with --quick it only prints them.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startXmppWorld } from "../../src/demo/xmppWorld.js";
import { openBenchServer } from "../data/benchServer.js";
import { say } from "../progress.js";
import { keepRatios } from "../report/results.js";
import { markdownTable } from "../report/table.js";
import { openBareComponent } from "./bareComponent.js";
import { type InjectionRound, injectionRound } from "./injection.js";
import { PASSWORD, startReceiver } from "./receiverProcess.js";
import { bareRoundTrips, gatewayRoundTrips, linkedBob } from "./roundTrip.js";

const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));
const RESULTS = "latest.json";
const BARE = "bare.chat.test";
const ENVELOPE_CHARS = 6_000;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    server: { type: "string", default: "prosody" },
  },
});
const kind = flags.server === "ejabberd" ? "ejabberd" : "prosody";
const [rounds, envelopes, trips] = flags.quick ? [1, 2_000, 60] : [3, 10_000, 300];
const postgres = await openBenchServer(OWN_FOLDER, true);
const world = await startXmppWorld({
  ...{ kind, databaseUrl: postgres.url, server: { furtherComponents: [BARE] } },
  onStep: (step) => {
    say(step);
  },
  reportFailure: (error) => {
    say(`failed: ${error.message}`);
  },
});
try {
  const sample = JSON.stringify({
    message: "A".repeat(ENVELOPE_CHARS - 800),
    metadata: {
      version: "v1",
      encryptionScheme: "x25519-chacha20-poly1305",
      signature: "B".repeat(600),
    },
    postmark: "C".repeat(100),
  });
  const injected: InjectionRound[] = [];
  for (let round = 0; round < rounds; round++) {
    injected.push(await injectionRound(world, BARE, sample, envelopes, round));
  }
  const receiver = await startReceiver(world.server, "echo");
  const bob = await linkedBob(world, receiver, PASSWORD);
  const bare = await openBareComponent(world.server, BARE);
  const bareMs = await bareRoundTrips(bare, receiver, BARE, sample, trips);
  bare.stop();
  const gatewayMs = await gatewayRoundTrips(world, receiver, bob, trips);
  receiver.stop();

  const injectVsBare = median(
    injected.map(({ gatewayPerSec, barePerSec }) => gatewayPerSec / barePerSec),
  );
  const roundTripVsBare = median(gatewayMs) / median(bareMs);
  const rows = [
    [
      "injected a second",
      ...[
        median(injected.map((one) => one.barePerSec)),
        median(injected.map((one) => one.gatewayPerSec)),
      ].map((rate) => rate.toFixed(0)),
      injectVsBare.toFixed(2),
    ],
    [
      "round trip, ms",
      median(bareMs).toFixed(1),
      median(gatewayMs).toFixed(1),
      roundTripVsBare.toFixed(2),
    ],
  ];
  console.log(markdownTable([[kind, "bare component", "gateway", "ratio"], ...rows], 1));
  if (!flags.quick && kind === "prosody") {
    await keepRatios(RESULTS, {
      ...{ xmppInjectVsBare: injectVsBare, xmppRoundTripVsBare: roundTripVsBare },
    });
  }
} finally {
  await world.stop();
  await postgres.stop();
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
