/** Who changes a domain, for anybody: `doctor` asks all gateways of it. */
import { assertNormalName } from "../../ens/normalName.js";
import { SignpostError } from "../../errors.js";
import { behindSec } from "../../mirror/domainStanding.js";
import { standingSchema } from "../../wire/standing.js";
import { nameParameter } from "./nameParameter.js";
import { DATABASE_REFUSALS } from "./refusals.js";
import { open } from "./route.js";

export const standingRoutes = [
  open({
    method: "get",
    path: "/standing/:name",
    scope: null,
    summary:
      "Whether the domain that holds a name is changed here, and where it is otherwise; of a mirror how far it is behind",
    answers: { 200: standingSchema },
    refusals: [...DATABASE_REFUSALS, "INVALID_NAME", "UNKNOWN_DOMAIN"],
    run: async ({ registry: { domains }, standings, request, response }) => {
      const name = nameParameter(request);
      assertNormalName(name);
      const domain = await domains.domainHolding(name);
      if (domain === null) {
        throw new SignpostError("UNKNOWN_DOMAIN", `The name ${name} lies under no domain here.`, {
          name,
        });
      }
      const [{ id, nowMs }, mirror] = [
        await standings.database(),
        await standings.mirrorOf(domain.name),
      ];
      const to = domain.frozen?.to ?? null;
      const isPrivate = mirror !== null && mirror.primary.network !== null;
      response.json({
        ...{ domain: domain.name, database: id, takesChanges: domain.frozen === null },
        changedAt: isPrivate && to === mirror.primary.url ? null : to,
        mirror: mirror && {
          primary: isPrivate ? null : mirror.primary.url,
          behindSec: behindSec(mirror, nowMs),
          namesNotTaken: mirror.problems,
        },
      });
    },
  }),
];
