/**
 * Prisma, which npm brings once: a folder with its client for the tables of dm3's backend. The backend has Prisma 5.19, whose engine
 * is a download of its own; from version 7 on the engine is in the package, and by its makers' word it is quicker and takes less CPU.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SignpostError } from "../../src/errors.js";

const PRISMA_VERSION = "7.9.1";
const FOLDER = new URL(`../../build/prisma/${PRISMA_VERSION}/`, import.meta.url);
const PACKAGES = ["prisma", "@prisma/client", "@prisma/adapter-pg"];

/** The tables as in dm3's backend, with what Prisma calls their relations. */
const SCHEMA = `
datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client-js"
}
model EncryptedMessage {
  id                        String @id
  createdAt                 DateTime @default(now())
  encryptedEnvelopContainer String
  encryptedContactName      String
  conversationId            String
  conversation              Conversation @relation(fields: [conversationId], references: [id])
  ownerId                   String
  owner                     Account @relation(fields: [ownerId], references: [id])
  isHalted                  Boolean @default(false)
}
model Conversation {
  id                       String @id @default(uuid())
  updatedAt                DateTime @default(now())
  encryptedContactName     String
  encryptedProfileLocation String @default("")
  messages                 EncryptedMessage[]
  account                  Account @relation(fields: [accountId], references: [id])
  accountId                String
  isHidden                 Boolean @default(false)
}
model Account {
  id            String @id
  createdAt     DateTime @default(now())
  conversations Conversation[]
  messages      EncryptedMessage[]
}
`;

/** Throws INTERNAL where npm does not bring it. */
export function prismaFolder(): string {
  const folder = fileURLToPath(FOLDER);
  if (existsSync(join(folder, "node_modules", ".prisma", "client"))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  writeFileSync(join(folder, "schema.prisma"), SCHEMA);
  const wanted = PACKAGES.map((name) => `${name}@${PRISMA_VERSION}`);
  run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", ...wanted],
    folder,
  );
  run("node_modules/.bin/prisma", ["generate", "--schema", "schema.prisma"], folder);
  return folder;
}

function run(command: string, args: readonly string[], cwd: string): void {
  // it would download an engine for migrations, of which nothing is used
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const { status } = spawnSync(command, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new SignpostError("INTERNAL", `${command} ${args[0]} failed.`);
}
