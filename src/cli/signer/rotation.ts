/** What both halves of a rotation share: who is asked, what is known of the gateways, and where answers go. */
import type { NotedSigner, SigningNow } from "../../admin/signerRotation.js";
import { lookIntoInstallation } from "../../capabilities/registry/commands/installation.js";
import type { RememberedSigner } from "../../db/signerStore.js";
import { checksumAddress } from "../../ens/address.js";
import type { Fetcher } from "../../fetch/fetcher.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import type { ServedResolver } from "../../registry/domains/domain.js";
import { installationSettings } from "../../settings/installationSettings.js";
import { readSettings } from "../../settings/settingsPart.js";
import type { ChangeFlags, Session } from "../resolver/session.js";
import { askGatewaysOf } from "./gatewaysAsked.js";
import { type AskedResolver, askResolvers, chainIdsOf } from "./resolversAsked.js";
import { withChains } from "./servedChains.js";

export interface RotationFlags extends ChangeFlags {
  readonly rpc?: readonly string[];
}

export interface Rotation extends Omit<Session, "connection"> {
  /** As they are now, and those that are served now: asked again after each change. One on a chain that came meanwhile is not known. */
  readonly resolvers: () => Promise<readonly AskedResolver[]>;
  /** Read anew each time, the database as well: minutes may lie between a look and what rests on it. */
  readonly signingNow: (asked: readonly AskedResolver[]) => Promise<SigningNow>;
}

/**
 * It keeps no state of its own: the database tells whom to ask, and the chains how far it is. Each look attaches to the database
 * anew: a question may wait for hours, and a service could not start while this holds the embedded Postgres.
 */
export async function withRotation(
  flags: RotationFlags,
  terminal: Session["terminal"],
  work: (rotation: Rotation) => Promise<void>,
): Promise<void> {
  const { secrets } = readSettings([installationSettings], process.env)(installationSettings);
  const nodes = { set: secrets.chainRpcUrls, given: flags.rpc ?? [] };
  const fetcher: Fetcher = createGuardedFetcher({ allowLoopback: true });
  const served = await servedNow();
  terminal.tell("signpost: asking the resolvers that are served here, and their gateways ...");
  await withChains(chainIdsOf(served), nodes, (chains) =>
    work({
      flags,
      terminal,
      resolvers: async () => askResolvers(await servedNow(), chains),
      signingNow: async (asked) => {
        const gateways = await askGatewaysOf(asked, fetcher);
        const known = await lookIntoInstallation(({ signers }) => signers.signers());
        return { noted: known.flatMap(notedSigner), gateways };
      },
    }),
  );
}

function servedNow(): Promise<readonly ServedResolver[]> {
  return lookIntoInstallation(({ records }) => records.servedResolvers());
}

function notedSigner({ address, lastAgoMs }: RememberedSigner): readonly NotedSigner[] {
  return lastAgoMs === null ? [] : [{ signer: checksumAddress(address), agoMs: lastAgoMs }];
}
