/**
 * The image that deploy/Containerfile begins from, as near as Debian and npm bring it without an engine: the smallest root of Debian's
 * debootstrap, with Node and npm in /usr/local and nothing else of this machine.
 */
import { spawn } from "node:child_process";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { childOf, type ChildProgram } from "../childProgram.js";
import { ROOT, run } from "./installedRelease.js";

const NODE_VERSION = "24.21.0";
const CA_FILE = "/etc/ssl/certs/ca-certificates.crt";

/** A root, or a sentence that says why there is none here. */
export type EmptyRoot =
  | { readonly root: string; readonly missing: null }
  | { readonly root: null; readonly missing: string };

/** @param root is made */
export async function emptyRoot(root: string): Promise<EmptyRoot> {
  const missing = (sentence: string) => ({ root: null, missing: sentence });
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return missing("an empty root takes Linux, and root");
  }
  if (!(await works("unshare", "--mount", "mount", "--make-rprivate", "/"))) {
    return missing("this kernel, or this user, may make no mount namespace");
  }
  if (!(await works("which", "debootstrap"))) {
    return missing("debootstrap is not installed: apt-get install debootstrap");
  }
  try {
    const suite = ["--variant=minbase", "bookworm", root, ...(await mirror())];
    // what it mounts below the root, and may leave when it fails, goes with the namespace
    const command = ["--mount", "debootstrap", ...suite];
    await run("unshare", command, { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
    return missing(`debootstrap made no root here: ${said}`);
  }
  // an image has no packages that are installed already
  await run("rm", ["-rf", join(root, "var/cache/apt"), join(root, "var/lib/apt/lists")]);
  await addNode(root);
  return { root, missing: null };
}

/** From where apt of this machine gets Debian; none: debootstrap knows one. */
async function mirror(): Promise<readonly string[]> {
  const asked = await run("apt-get", [
    "indextargets",
    "--format",
    "$(SITE)",
    "Created-By: Packages",
  ])
    .then(({ stdout }) => stdout.split("\n"))
    .catch(() => []);
  return asked.filter((site) => /^https?:.*\/debian\/?$/.test(site)).slice(0, 1);
}

async function addNode(root: string): Promise<void> {
  // brings that Node where it is missing
  await run("node", ["scripts/on-node.mjs", NODE_VERSION, "bin/signpost.mjs", "--version"], {
    cwd: ROOT,
  });
  const { platform, arch } = process;
  const brought = `build/node/${NODE_VERSION}/node_modules/node-${platform}-${arch}/bin/node`;
  await cp(join(ROOT, brought), join(root, "usr/local/bin/node"));
  const { stdout } = await run("npm", ["root", "--global"]);
  await cp(join(stdout.trim(), "npm"), join(root, "usr/local/lib/node_modules/npm"), {
    recursive: true,
    dereference: true,
  });
  for (const name of ["npm", "npx"]) {
    const target = `../lib/node_modules/npm/bin/${name}-cli.js`;
    await symlink(target, join(root, `usr/local/bin/${name}`));
  }
}

async function works(...command: [string, ...string[]]): Promise<boolean> {
  const [program, ...args] = command;
  return run(program, args).then(
    () => true,
    () => false,
  );
}

export interface InRoot {
  readonly root: string;
  /** Below `root`. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `user:group` in numbers; root, unless given. */
  readonly user?: string;
  /** Of this machine, by the folder below `root` where each is seen. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** All but `mounts` and /tmp cannot be written, and no capability is left. */
  readonly readOnly?: boolean;
}

/** A command that sees the root alone, with the network of this machine. */
export function inRoot(
  { root, cwd, env, user = "0:0", mounts = {}, readOnly = false }: InRoot,
  ...command: readonly string[]
): ChildProgram {
  const script = [
    "set -e",
    "mount --make-rprivate /",
    `mount --bind "${root}" "${root}"`,
    ...Object.entries(mounts).map(([at, from]) => placeFor(from, `${root}${at}`)),
    ...(readOnly ? [`mount -o remount,bind,ro "${root}"`] : []),
    `mount -t proc proc "${root}/proc"`,
    `mount --rbind /dev "${root}/dev"`,
    ...(readOnly ? [`mount -t tmpfs -o mode=1777 tmpfs "${root}/tmp"`] : []),
    ...Object.entries(mounts).map(([at, from]) => `mount --bind "${from}" "${root}${at}"`),
    `exec chroot "${root}" "$@"`,
  ].join("\n");
  const [uid = "", gid = ""] = user.split(":");
  const dropped = readOnly ? ["--no-new-privs", "--bounding-set=-all"] : [];
  const inside = [
    ...["env", "-i", ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    ...["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", ...dropped],
    ...["sh", "-c", 'cd "$0" && exec "$@"', cwd],
  ];
  return childOf(
    spawn("unshare", ["--mount", "bash", "-c", script, "bash", ...inside, ...command], {
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

/** Something to mount on. */
function placeFor(from: string, at: string): string {
  return `if [ -d "${from}" ]; then mkdir -p "${at}"; else mkdir -p "$(dirname "${at}")"; touch "${at}"; fi`;
}

/** What npm needs of this machine to reach its registry as it does here; nothing that stays in the image. */
export async function npmAsHere(): Promise<Pick<InRoot, "env" | "mounts">> {
  const setting = async (name: string) =>
    (await run("npm", ["config", "get", name])).stdout.trim().replace(/^(null|undefined)$/, "");
  const [registry, cache] = [await setting("registry"), await setting("cache")];
  await mkdir(cache, { recursive: true });
  const certificates = (await setting("cafile")) || (process.env["NODE_EXTRA_CA_CERTS"] ?? "");
  const proxies = Object.entries(process.env).flatMap(([name, value]) =>
    /_proxy$/i.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return {
    env: {
      ...Object.fromEntries(proxies),
      ...{ npm_config_registry: registry, npm_config_cache: "/mnt/npm-cache" },
      npm_config_prefer_offline: "true",
      ...(certificates === "" ? {} : { npm_config_cafile: CA_FILE, NODE_EXTRA_CA_CERTS: CA_FILE }),
    },
    mounts: {
      "/mnt/npm-cache": cache,
      ...(certificates === "" ? {} : { [CA_FILE]: certificates }),
      "/etc/resolv.conf": "/etc/resolv.conf",
    },
  };
}
