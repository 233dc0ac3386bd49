/** Attachments that are too long for an envelope are kept, sealed, by the user's own relay nodes: the gateway's is one of them. */
import type { NormalName } from "../ens/normalize.js";
import type { ProfileOutcome } from "../lookup/outcome.js";
import { createOwnProfile } from "../messenger/ownProfile.js";
import {
  createRelayNodes,
  type RelayNodes,
  type RelayNodesParts,
} from "../messenger/relayNodes.js";

export interface UploadingParts extends Pick<RelayNodesParts, "keys" | "access" | "clock"> {
  readonly ownName: () => Promise<NormalName>;
  readonly profileOf: (name: string) => Promise<ProfileOutcome>;
}

/** Signs in by HTTP, as every DM3 client does at its relay nodes, when the first attachment is to be kept. */
export function createUploading(parts: UploadingParts): Pick<RelayNodes, "upload"> {
  const { keys, access, clock, profileOf } = parts;
  let open: { readonly name: NormalName; readonly relayNodes: RelayNodes } | null = null;

  function opened(name: NormalName): RelayNodes {
    if (open?.name === name) return open.relayNodes;
    const own = createOwnProfile(name, keys, profileOf, clock.nowMs);
    const relayNodes = createRelayNodes({ name, keys, own, access, clock });
    open = { name, relayNodes };
    return relayNodes;
  }

  return {
    async upload(sealed) {
      return opened(await parts.ownName()).upload(sealed);
    },
  };
}
