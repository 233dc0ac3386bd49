/** Requests that wallets sign for the first domain of `openRegistry`, carried out as the service API does. */
import type { BaseWallet } from "ethers";
import { changeName } from "../../../../src/registry/changes/changeName.js";
import {
  signedAction,
  verifySignedRequest,
} from "../../../../src/registry/signed/signedRequest.js";
import type { RegistryStores } from "../../../../src/registry/store.js";
import type { NameAction } from "../../../../src/signing/nameRequest.js";
import { DOMAIN } from "../../../registry/openRegistry.js";
import { REGISTRY_RESOLVER, signRequest } from "../../../registry/signed/signedRequests.js";

export interface RecordedWish {
  readonly wallet: BaseWallet;
  readonly name: string;
  readonly action: NameAction;
  readonly sequence: number;
  readonly content?: Record<string, unknown>;
}

export function recordedBy(stores: RegistryStores): (wish: RecordedWish) => Promise<void> {
  return async ({ wallet, name, action, sequence, content = {} }) => {
    const wish = { domain: DOMAIN, signedFor: REGISTRY_RESOLVER, name, action, sequence, content };
    const verified = await verifySignedRequest(stores.domains, await signRequest(wallet, wish));
    const { authority } = verified;
    const change = { domain: DOMAIN, name, actions: [signedAction(verified)], authority };
    await changeName(stores, change, Date.now);
  };
}
