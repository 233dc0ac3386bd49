/** `signpost message`: DM3 messages as envelopes, and back, on the command line. */
import { type Command, Option } from "commander";
import { addContentOptions } from "./content.js";
import { decode } from "./decode.js";
import { encode } from "./encode.js";
import { inbox } from "./inbox.js";
import { keys } from "./keys.js";
import { addLookupOptions } from "./lookupOptions.js";
import { addMailReading, addMailWriting } from "./mailCodec.js";
import { send } from "./send.js";

export function messageCommand(program: Command): void {
  const message = program
    .command("message")
    .description("DM3 messages: sent and received, or written as envelopes and read");

  const sending = message
    .command("send")
    .description("send a message through the receiver's relay nodes")
    .argument("<to>", "the receiver's ENS name")
    .requiredOption("--from <name>", "the sender's ENS name")
    .requiredOption("--keys <file>", "the sender's keys, JSON as dm3's clients keep it")
    .option("--wait-sec <seconds>", "how long relay nodes that do not answer are tried", "60");
  addLookupOptions(addContentOptions(sending))
    .addHelpText(
      "after",
      "\nExit status: 0 accepted, 1 refused, 3 the receiver has no profile, 4 not accepted in time.",
    )
    .action(send);

  const receiving = message
    .command("inbox")
    .description("show the messages that wait at the name's relay nodes, each verified")
    .argument("<name>", "the receiver's ENS name")
    .requiredOption("--keys <file>", "the receiver's keys, JSON as dm3's clients keep it")
    .option("--acknowledge", "let the relay nodes forget what was printed");
  addLookupOptions(receiving)
    .addHelpText(
      "after",
      "\nExit status: 0, or 4 when a relay node or a message could not be read.",
    )
    .action(inbox);

  const encoding = message
    .command("encode")
    .description("write a message, as one envelope for each of the receiver's relay nodes")
    .argument("<to>", "the receiver's ENS name")
    .requiredOption("--from <name>", "the sender's ENS name")
    .requiredOption("--keys <file>", "the sender's keys, JSON as dm3's clients keep it")
    .addOption(
      new Option("--hash-field <field>", "what the relay node calls the hash")
        .choices(["messageHash", "encryptedMessageHash"])
        .default("messageHash"),
    );
  addLookupOptions(addMailWriting(addContentOptions(encoding))).action(encode);

  const decoding = message
    .command("decode")
    .description("read an envelope, after every check that can be made of it")
    .argument("<file>", "the envelope as a relay node hands it over, JSON; - for standard input")
    .requiredOption("--to <name...>", "the receiver's ENS names")
    .requiredOption("--keys <file>", "the receiver's keys, JSON as dm3's clients keep it")
    .option("--relay-node <name>", "the relay node that it came from: checks the postmark");
  addLookupOptions(addMailReading(decoding)).action(decode);

  message
    .command("keys")
    .description("print what a wallet signs, so that a file with the signature serves as --keys")
    .argument("<wallet>", "the wallet that the profile is of")
    .option("--nonce <nonce>", "of another set of keys, as dm3's web client has (default: dm3's)")
    .option("--json", "print JSON")
    .action(keys);
}
