/** npm run soak -- --hostile: attacks on the availability of the service, each by itself and all together. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Build, buildOf, THIS_BUILD } from "../../../bench/servers/builds.js";
import { startProgress } from "../../progress.js";
import { ATTACKS, TOGETHER } from "./attacks.js";
import { type Figures, figuresOf, missed, quietP99Of } from "./figures.js";
import { install } from "./installation.js";
import { measure, type Measurement } from "./measurement.js";
import type { HostileOptions } from "./options.js";
import { prepare } from "./preparation.js";
import { reportOf, type Row } from "./report.js";
import { keepFigures } from "./results.js";

const OWN_FOLDER = fileURLToPath(new URL("../../../.signpost", import.meta.url));

/** Returns the status to exit with. */
export async function runHostileSoak({
  before,
  seconds,
  attacks,
}: HostileOptions): Promise<number> {
  await mkdir(OWN_FOLDER, { recursive: true });
  const untilItEnds = new AbortController().signal;
  const earlier = before === null ? null : await buildOf(before, OWN_FOLDER, untilItEnds);
  try {
    const cases =
      attacks === null ? [...ATTACKS.map(({ name }) => name), TOGETHER] : [attacks.join()];
    const rows: Row[] = [];
    for (const build of earlier === null ? [THIS_BUILD] : [earlier, THIS_BUILD]) {
      rows.push(...(await attackBuild(build, cases, seconds)));
    }
    console.log(reportOf(rows));
    const ours = rows
      .filter(({ build }) => build === THIS_BUILD.name)
      .map(({ figures }) => figures);
    if (attacks === null) await keepFigures(ours);
    return ours.some((figures) => missed(figures).length > 0) ? 1 : 0;
  } finally {
    await earlier?.remove();
  }
}

async function attackBuild(
  build: Build,
  cases: readonly string[],
  seconds: number,
): Promise<Row[]> {
  const progress = startProgress();
  progress.show(0, `${build.name}: preparing`);
  const installation = await install(build);
  try {
    const server = await installation.start();
    await prepare(server.origin, installation);
    await server.stop();

    const measured: { readonly attack: string; readonly measurement: Measurement }[] = [];
    for (const [index, attack] of cases.entries()) {
      progress.show(index / cases.length, `${build.name}: ${attack}`);
      const attacks = attack === TOGETHER ? ATTACKS.map(({ name }) => name) : attack.split(",");
      measured.push({ attack, measurement: await measure(installation, attacks, seconds) });
    }
    progress.end();
    const quietP99Ms = quietP99Of(measured.map(({ measurement }) => measurement));
    return measured.map(({ attack, measurement }) => {
      const figures: Figures = figuresOf(measurement, quietP99Ms);
      return { build: build.name, attack, figures, measurement };
    });
  } finally {
    await installation.close();
  }
}
