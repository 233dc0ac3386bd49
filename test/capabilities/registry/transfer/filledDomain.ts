/** A domain with every kind of record and name that there is, as its service, its users and its admin left it. */
import { type HDNodeWallet, Wallet } from "ethers";
import { namehash } from "../../../../src/ens/namehash.js";
import { normalizeName } from "../../../../src/ens/normalize.js";
import { changeName } from "../../../../src/registry/changes/changeName.js";
import type { Action } from "../../../../src/registry/names/action.js";
import { bytes } from "../../../db/sampleNames.js";
import { setRecords, writeAsService } from "../../../registry/changes/serviceWrites.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  profilesOf,
  type TestRegistry,
} from "../../../registry/openRegistry.js";
import { recordedBy, type RecordedWish } from "./signedWish.js";

export const under = (label: string) => `${label}.${DOMAIN}`;

export interface FilledDomain {
  readonly owner: HDNodeWallet;
  /** Signs a request about a name of the domain, and has it carried out. */
  sign(wish: RecordedWish): Promise<void>;
}

export async function fillDomain(registry: TestRegistry): Promise<FilledDomain> {
  const { stores, pool } = registry;
  const { domains } = stores;
  const owner = Wallet.createRandom();
  const [first, second] = await profilesOf(owner, 2);
  const sign = recordedBy(stores);
  const admin = (name: string, action: Action) =>
    changeName(
      stores,
      { domain: DOMAIN, name, actions: [action], authority: { kind: "admin" } },
      Date.now,
    );

  await domains.changeDomain(DOMAIN, {
    owner: bytes(20, 0xaa),
    policy: {
      claims: "wallets",
      addressNames: true,
      aliases: false,
      reservedLabels: ["admin", "größe"],
    },
  });
  await domains.addAlias({ alias: "users.alias.eth", domain: DOMAIN });
  await domains.connectResolver({ domain: DOMAIN, chainId: 5n, resolver: bytes(20, 0x55) });
  const reserve = (label: string, wallet: string | null, untilMs: number | null) =>
    domains.reserve({
      domain: DOMAIN,
      name: normalizeName(under(label)),
      wallet: wallet === null ? null : (Buffer.from(wallet.slice(2), "hex") as never),
      untilMs,
    });
  await reserve("kept", null, null);
  await reserve("for-owner", owner.address, 4_000_000_000_000);

  // by their service: without records, with all kinds, with a profile that was replaced, suspended
  await writeAsService(stores, DOMAIN, under("bare"), [{ kind: "create" }]);
  await setRecords(stores, {
    domain: DOMAIN,
    name: under("full"),
    records: {
      texts: { avatar: "züri 🌉 \u0001 '\"$1 \\ \t\n", url: "u" },
      addresses: { "0": "0x76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac" },
      name: under("full"),
      abis: { "1": "0x7b7d" },
      data: { "agent-context": "0xdada" },
      interfaces: { "0x01ffc9a7": "0x1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f" },
    },
  });
  await registry.publish(under("ada"), owner.address, first);
  await registry.publish(under("ada"), owner.address, second);
  await writeAsService(stores, DOMAIN, under("down"), [{ kind: "create" }]);
  await admin(under("down"), { kind: "suspend", reason: "spam\tand\nmore" });
  // one that is gone, and one of which its profile is as well
  await registry.publish(under("gone"), owner.address, first);
  await writeAsService(stores, DOMAIN, under("gone"), [{ kind: "delete" }]);
  // by their owners: held, moved as a gift, given up
  await registry.publish(under("held"), owner.address, first);
  await sign({
    wallet: owner,
    name: under("held"),
    action: "setRecords",
    sequence: 1,
    content: { records: { texts: { url: "v" } } },
  });
  await registry.publish(under("gift"), owner.address, first);
  await sign({
    wallet: owner,
    name: under("gift"),
    action: "move",
    sequence: 1,
    content: { to: Wallet.createRandom().address },
  });
  await registry.publish(under("left"), owner.address, first);
  await sign({ wallet: owner, name: under("left"), action: "delete", sequence: 1 });
  // beyond ASCII, where the order of bytes and that of UTF-16 differ, and older than histories
  await writeAsService(stores, DOMAIN, under("größe"), [{ kind: "create" }]);
  await writeAsService(stores, DOMAIN, under("😀"), [{ kind: "create" }]);
  await pool.query("insert into name (node, name, domain) values ($1, $2, $3)", [
    namehash(under("older")),
    under("older"),
    DOMAIN,
  ]);
  // of a source: the last profile that was served, and one before it; of a name of ours, and of none
  for (const label of ["ada", "sourced"]) {
    const node = namehash(under(label));
    await pool.query("insert into source_retired (node, profile_fingerprint) values ($1, $2)", [
      node,
      bytes(32, 0x51),
    ]);
    await pool.query(
      "insert into source_served (node, row_digest, profile_fingerprint) values ($1, $2, $3)",
      [node, bytes(32, 0x52), bytes(32, 0x53)],
    );
  }
  await pool.query("insert into imported_node (node, name) values ($1, $2)", [
    namehash(under("sourced")),
    under("sourced"),
  ]);
  // of others: below it, and beside it
  await writeAsService(stores, NESTED_DOMAIN, `own.${NESTED_DOMAIN}`, [{ kind: "create" }]);
  await writeAsService(stores, NESTED_DOMAIN, `gone.${NESTED_DOMAIN}`, [{ kind: "create" }]);
  await writeAsService(stores, NESTED_DOMAIN, `gone.${NESTED_DOMAIN}`, [{ kind: "delete" }]);
  return { owner, sign };
}
