/** `signpost message`: DM3 messages as envelopes, and back, on the command line. */
import { type Command, Option } from "commander";
import { decode } from "./decode.js";
import { encode, TYPES } from "./encode.js";
import { addLookupOptions } from "./lookupOptions.js";

export function messageCommand(program: Command): void {
  const message = program
    .command("message")
    .description("DM3 messages: written as envelopes, and read");

  const encoding = message
    .command("encode")
    .description("write a message, as one envelope for each of the receiver's relay nodes")
    .argument("<to>", "the receiver's ENS name")
    .requiredOption("--from <name>", "the sender's ENS name")
    .requiredOption("--keys <file>", "the sender's keys, JSON as dm3's clients keep it")
    .option("--text <text>", "what it says")
    .addOption(new Option("--type <type>", "its type").choices(TYPES).default("NEW"))
    .option("--reference <hash>", "messageHash of the message that it is about")
    .addOption(
      new Option("--hash-field <field>", "what the relay node calls the hash")
        .choices(["messageHash", "encryptedMessageHash"])
        .default("messageHash"),
    );
  addLookupOptions(encoding).action(encode);

  const decoding = message
    .command("decode")
    .description("read an envelope, after every check that can be made of it")
    .argument("<file>", "the envelope as a relay node hands it over, JSON; - for standard input")
    .requiredOption("--to <name...>", "the receiver's ENS names")
    .requiredOption("--keys <file>", "the receiver's keys, JSON as dm3's clients keep it")
    .option("--relay-node <name>", "the relay node that it came from: checks the postmark");
  addLookupOptions(decoding).action(decode);
}
