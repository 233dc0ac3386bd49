/** Every code that a route of the service API lists can be met there, with its status. */
import { expect } from "chai";
import { refusalsOf } from "../../../src/http/v1/refusals.js";
import { SERVICE_STATUS } from "../../../src/http/v1/serviceStatus.js";
import { v1RouteTable } from "../../../src/http/v1/v1Routes.js";
import { SCENES } from "./refusalScenes.js";
import { openWorld, type World } from "./refusalWorld.js";

/** What no request brings about. */
const UNSEEN = new Set([
  // a database that takes its user's rights away while the service runs; test/db has the code
  ...v1RouteTable.map(({ method, path }) => `${method} ${path} INVALID_CONFIGURATION`),
  // a more specific domain that is added in the middle of the request
  "post /operations/:chainId/:resolver FORBIDDEN",
  // a defect where there is nothing to do
  "get /openapi.json INTERNAL",
]);

describe("http: refusals of the service API", function () {
  this.timeout(180_000);
  let world: World;

  before(async () => {
    world = await openWorld();
  });
  after(() => world.stop());

  for (const route of v1RouteTable) {
    it(`${route.method.toUpperCase()} ${route.path} refuses with each code that it lists`, async () => {
      for (const code of refusalsOf(route)) {
        if (UNSEEN.has(`${route.method} ${route.path} ${code}`)) continue;
        const met = await SCENES[code](world, route);
        const { status, body } = "status" in met ? met : await world.ask(route, met);
        expect({ status, code: body["code"] }, String(body["message"])).to.deep.equal({
          status: SERVICE_STATUS[code],
          code,
        });
      }
    });
  }
});
