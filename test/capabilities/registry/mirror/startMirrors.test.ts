/** What keeps a mirror from even asking its primary stands where people look: in its row, in metrics and in `mirror show`. */
import { expect } from "chai";
import { mirrorKeyMigrations } from "../../../../src/capabilities/registry/migrations.js";
import { startMirrors } from "../../../../src/capabilities/registry/mirror/startMirrors.js";
import { mirrorKeys } from "../../../../src/db/mirror/mirrorKeys.js";
import { mirrorStore } from "../../../../src/db/mirror/mirrorStore.js";
import { openSealing } from "../../../../src/installation/openSealing.js";
import { noPause } from "../../../../src/registry/changes/clock.js";
import { apiKeyFrom } from "../../../../src/registry/domains/apiKey.js";
import { NO_CHAINS } from "../../../../src/registry/signed/contractWallets.js";
import type { Parts } from "../../../../src/service/capability.js";
import { bytes } from "../../../db/sampleNames.js";
import { until } from "../../../embedded-postgres/holder.js";
import { openMirrorHere, openServiceApi } from "../../../mirror/installations.js";
import { DOMAIN, openRegistry } from "../../../registry/openRegistry.js";

const PATIENCE_MS = 30_000;

describe("registry: startMirrors", () => {
  it("notes in the row that the primary's key is missing", async () => {
    const there = await openRegistry();
    const api = await openServiceApi(there.pool);
    const here = await openMirrorHere();
    await here.add({ url: api.url, apiKey: apiKeyFrom(bytes(32, 0)) });
    const key = { kind: "file", file: here.wrappingKeyFile } as const;
    const sealing = await openSealing(here.pool, { key, formerKeys: [] });
    await mirrorKeys(here.pool, sealing.secrets, mirrorKeyMigrations).drop(DOMAIN);
    const { secrets } = sealing;
    const parts = { secrets, nowMs: Date.now, pause: noPause, reportFailure: () => undefined };
    const mirrors = startMirrors(
      parts as unknown as Parts,
      { mirrors: here.pool },
      NO_CHAINS,
      () => undefined,
    );
    const mirror = async () => (await mirrorStore(here.pool).mirrorOf(DOMAIN))!;
    await until(async () => (await mirror()).failures > 0, PATIENCE_MS);
    expect((await mirror()).failure).to.match(/The API key .* is missing/);
    await mirrors.stop();
    sealing.close();
    await here.close();
    await api.close();
    await there.close();
  });
});
